// How long a run may take before it is ended.

const LEAST = 2000; // milliseconds: what is small takes a few
const MOST = 10_000; // nobody waits longer for a rule that does not end
const PER_BYTE = 0.004; // a pack judges 1 MB of manifests in 2 to 4 s

/** @param bytes of all that is read and compiled: documents or message, contract, policies and data */
export function deadline(bytes: number): number {
  return Math.min(Math.round(LEAST + bytes * PER_BYTE), MOST);
}
