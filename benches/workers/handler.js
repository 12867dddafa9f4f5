export const SECRET = 'whsec_replace-with-real-secret';

/** Behind every guard: the body has been read. */
export const handler = () => new Response('ok');
