// The least that a Worker does.

export default {
  fetch: () => new Response('ok'),
};
