// Replies to senders. They say enough for an honest sender to fix its request, and nothing that helps to forge one.
// Refusals are problem documents (RFC 9457). Their `type` names the code of what failed, as a registry's does, so that
// a sender can tell a refused signature from any other refusal. Why signature or time failed goes only to `onVerdict`.

const TYPE = 'urn:countersign:problem:';
const CODE = 'urn:countersign:code:';
const UNSAID = ['signature', 'freshness']; // stages whose failures all get the same reply
const SPOKEN = ['replay', 'payload', 'route', 'schema', 'policy', 'shape']; // stages that only authentic requests reach
const MAX_ERRORS = 20;

/** The reply for a verdict that keeps a request from the handler: a refusal, a duplicate or a handshake. */
export function answerOf(verdict, about, instance, nonce) {
  const { status, answer } = verdict;
  if (answer !== undefined) return json(status, answer);
  if (verdict.verdict === 'ignore')
    return json(status, { received: true, duplicate: true, message: verdict.statusText });
  if (status < 400) return { status, headers: HEADERS, body: '' }; // by the contract this is not an error
  const failed = verdict.findings.find(({ severity }) => severity === 'error');
  if (UNSAID.includes(failed.stage)) {
    const headers = status === 401 ? { 'www-authenticate': challengeOf(about, failed, nonce) } : {};
    const asked = failed.code === 'dpop-nonce' && nonce !== undefined ? { 'dpop-nonce': nonce } : {};
    return problem(
      { type: `${TYPE}authentication`, title: verdict.statusText, status, instance },
      { ...headers, ...asked },
    );
  }
  return problem(
    {
      type: `${CODE}${failed.code}`,
      title: verdict.statusText,
      status,
      detail: failed.code === 'hook-disabled' ? failed.reason : undefined,
      instance,
      errors: SPOKEN.includes(failed.stage) ? errorsOf(verdict.findings) : undefined,
    },
    allowedBy(about, failed.code),
  );
}

/** RFC 9110, section 11.6.1, requires a challenge; RFC 9449, sections 7.1 and 9, this one. */
function challengeOf({ dpop }, { code }, nonce) {
  if (dpop === undefined) return 'Signature';
  const error = code === 'dpop-nonce' && nonce !== undefined ? 'error="use_dpop_nonce", ' : '';
  return `DPoP ${error}algs="${dpop.join(' ')}"`;
}

/** RFC 9110, sections 15.5.6 and 15.5.16. */
function allowedBy({ methods, contentTypes }, code) {
  if (code === 'request-method') return { allow: methods.join(', ') };
  return code === 'request-content-type' && contentTypes ? { accept: contentTypes.join(', ') } : {};
}

function errorsOf(findings) {
  const errors = findings.filter(({ severity }) => severity === 'error').slice(0, MAX_ERRORS);
  return errors.map(errorOf);
}

/** Of a policy the code alone: its author may have written message and place for the log. */
function errorOf({ stage, code, message, at, offset }) {
  return stage === 'policy' ? { code } : { code, detail: message, ...placeOf(at), offset };
}

/** A place in the body as in RFC 9457, section 3; other places unchanged. */
function placeOf(at) {
  if (at === undefined) return {};
  return at === '' || at.startsWith('/') ? { pointer: `#${encodeURI(at).replaceAll('#', '%23')}` } : { at };
}

/** There is no route for this path. */
export function unrouted(instance) {
  return problem({ type: `${TYPE}unrouted`, title: 'Not Found', status: 404, instance });
}

/** A copy of the message is being handled. */
export function busy(instance, seconds) {
  const detail = 'another copy of this message is being handled: send it again later';
  return problem(
    { type: `${TYPE}busy`, title: 'Conflict', status: 409, detail, instance },
    { 'retry-after': String(seconds) },
  );
}

/** The message was not handled, for a reason on the receiver's side. */
export function unavailable(instance, seconds) {
  return problem(
    { type: `${TYPE}unavailable`, title: 'Service Unavailable', status: 503, instance },
    { 'retry-after': String(seconds) },
  );
}

/** For the developer, who sees it on the first try. */
export function bodyParsed(instance, fix) {
  return problem({
    type: `${TYPE}body-parsed`,
    title: 'the body was parsed before the guard',
    status: 500,
    detail: fix,
    instance,
  });
}

/** The sender disconnected before the body was complete. */
export function aborted(instance) {
  return problem({ type: `${TYPE}aborted`, title: 'Bad Request', status: 400, instance });
}

const HEADERS = Object.freeze({ 'cache-control': 'no-store' });

function json(status, document) {
  return { status, headers: { ...HEADERS, 'content-type': 'application/json' }, body: JSON.stringify(document) };
}

function problem(document, headers) {
  return {
    status: document.status,
    headers: { ...HEADERS, ...headers, 'content-type': 'application/problem+json' },
    body: JSON.stringify(document),
  };
}
