// A store over HTTP, so that the rules run here and the store where it belongs: in workerd, or in another process.

/** In the server: what a request asks of the store. */
export async function answerFor(request, store) {
  const { operation, key, options } = await request.json();
  try {
    return Response.json({ answer: await store[operation](key, options) });
  } catch (error) {
    return Response.json({ error: error.name, message: error.message });
  }
}

/** In the test. JSON has no NaN and no Infinity: they arrive as null, which is as little a time. */
export function remoteStore(url) {
  const operation = (name) => async (key, options) => {
    const response = await fetch(url, { method: 'POST', body: JSON.stringify({ operation: name, key, options }) });
    const { answer, error, message } = await response.json();
    if (error !== undefined) throw error === 'TypeError' ? new TypeError(message) : new Error(message);
    return answer;
  };
  return {
    claim: operation('claim'),
    complete: operation('complete'),
    release: operation('release'),
    clean: operation('clean'),
  };
}
