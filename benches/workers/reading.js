// A Worker that reads its body and believes it.

export default {
  async fetch(request) {
    await request.arrayBuffer();
    return new Response('ok');
  },
};
