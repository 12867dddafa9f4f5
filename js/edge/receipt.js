// The receipt of a hook, in place of a body that the handler left out.

/** The response with the receipt, if there is one and the handler's answer is 2xx without a body. */
export function received(response, receipt) {
  if (receipt === undefined || !response?.ok || response.body !== null) return response;
  const headers = new Headers(response.headers);
  headers.set('content-type', 'application/json');
  headers.delete('content-length');
  return new Response(JSON.stringify(receipt), { status: statusWithBody(response.status), headers });
}

export function isSuccess(status) {
  return status >= 200 && status < 300;
}

/** A 204 or 205 has no body. */
export function statusWithBody(status) {
  return [204, 205].includes(status) ? 200 : status;
}
