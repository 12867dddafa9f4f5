// The verdict on a clean accept: what every one of a gate has, and the few members that a message decides.

const STAGES = ['request', 'signature', 'freshness', 'replay', 'payload', 'route', 'schema', 'policy', 'shape'];

/** The members in the order of the canonical text. Nothing in it is shared with another verdict. */
export function cleanVerdict({ contract, status, statusText, covers, leaves }, text) {
  const [passed, apiVersion, key, { answer, event, message, replay }] = JSON.parse(text);
  const verdict = { schemaVersion: 1, contract, verdict: 'accept' };
  if (status !== undefined) {
    verdict.status = status;
    verdict.statusText = statusText;
  }
  if (answer !== undefined) verdict.answer = answer;
  if (apiVersion !== null) verdict.apiVersion = apiVersion;
  verdict.stages = stagesOf(passed);
  if (event !== undefined) verdict.event = event;
  if (message !== undefined) verdict.message = message;
  if (replay !== undefined) verdict.replay = replay;
  if (key !== null) verdict.signature = { key, covers: covers.slice(), leaves: leaves.slice() };
  verdict.findings = [];
  return verdict;
}

function stagesOf(passed) {
  const stages = [];
  for (let index = 0; index < STAGES.length; index += 1) {
    stages.push({ stage: STAGES[index], result: (passed >> index) & 1 ? 'pass' : 'skipped' });
  }
  return stages;
}
