// The verdict on an accept: what every one of a gate has, and the few members that a message decides.

const STAGES = ['request', 'signature', 'freshness', 'replay', 'payload', 'route', 'schema', 'policy', 'shape'];

/** The members in the order of the canonical text. Nothing in it is shared with another verdict. */
export function acceptVerdict({ contract, status, statusText, covers, leaves }, text) {
  const [judged, apiVersion, key, { answer, event, message, replay }, warning = 0, findings = []] = JSON.parse(text);
  const verdict = { schemaVersion: 1, contract, verdict: 'accept' };
  if (status !== undefined) {
    verdict.status = status;
    verdict.statusText = statusText;
  }
  if (answer !== undefined) verdict.answer = answer;
  if (apiVersion !== null) verdict.apiVersion = apiVersion;
  verdict.stages = stagesOf(judged, warning);
  if (event !== undefined) verdict.event = event;
  if (message !== undefined) verdict.message = message;
  if (replay !== undefined) verdict.replay = replay;
  if (key !== null) verdict.signature = { key, covers: covers.slice(), leaves: leaves.slice() };
  verdict.findings = findings;
  return verdict;
}

function stagesOf(judged, warning) {
  const stages = [];
  for (let index = 0; index < STAGES.length; index += 1) {
    const result = (judged >> index) & 1 ? 'pass' : 'skipped';
    stages.push({ stage: STAGES[index], result: (warning >> index) & 1 ? 'warn' : result });
  }
  return stages;
}
