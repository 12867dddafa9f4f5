// The module over HTTP.

/** Compiled while it arrives. */
export async function fetchModule(url) {
  const answer = await fetch(url);
  if (!answer.ok)
    throw new Error(`cannot load ${url}: the server answers ${answer.status}; serve this file beside the script`);
  // A server that does not know the media type is no reason to fail: then it is compiled when it is all there.
  const streams = answer.headers.get('content-type')?.split(';')[0].trim().toLowerCase() === 'application/wasm';
  return streams ? WebAssembly.compileStreaming(answer) : WebAssembly.compile(await answer.arrayBuffer());
}
