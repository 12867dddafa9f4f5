// Loads the module over HTTP.

/** Compiles the module while it arrives. */
export async function fetchModule(url) {
  const answer = await fetch(url);
  if (!answer.ok)
    throw new Error(`cannot load ${url}: the server replied ${answer.status}; serve this file next to the script`);
  // If the server sends another media type, compile the module after it has arrived.
  const streams = answer.headers.get('content-type')?.split(';')[0].trim().toLowerCase() === 'application/wasm';
  return streams ? WebAssembly.compileStreaming(answer) : WebAssembly.compile(await answer.arrayBuffer());
}
