// Short batches of contenders that alternate in one process, so that a busy machine disturbs all of them alike.

const BATCH_MILLISECONDS = 0.8;
const WARM_UP_MILLISECONDS = 100;
const ROUNDS = Number(process.env.ROUNDS ?? 61);
const FEWEST_ROUNDS = 11;
const CELL_MILLISECONDS = 4000;

/**
 * `contenders` by name, each a function without arguments. Gives each one's microseconds a call, by round. Where a
 * round takes long there are fewer of them.
 */
export async function alternate(contenders) {
  const runs = [];
  for (const [name, run] of Object.entries(contenders)) {
    const time = run() instanceof Promise ? timeAsync : timeSync;
    const call = await warm(run, time);
    runs.push({ name, run, time, calls: Math.max(1, Math.round(BATCH_MILLISECONDS / call)), call });
  }
  const round = runs.reduce((sum, { call, calls }) => sum + call * calls, 0);
  const rounds = Math.max(FEWEST_ROUNDS, Math.min(ROUNDS, Math.floor(CELL_MILLISECONDS / round)));
  const times = Object.fromEntries(runs.map(({ name }) => [name, []]));
  for (let at = 0; at < rounds; at += 1) {
    // In each round another one begins: none always pays for the garbage of the same one before it.
    for (let turn = 0; turn < runs.length; turn += 1) {
      const { name, run, time, calls } = runs[(at + turn) % runs.length];
      times[name].push(((await time(run, calls)) * 1000) / calls);
    }
  }
  return times;
}

/** Contenders that take a message, as ones that take this. */
export function onOne(contenders, message) {
  return Object.fromEntries(Object.entries(contenders).map(([name, run]) => [name, () => run(message)]));
}

/** The milliseconds of a call once it is warm. */
async function warm(run, time) {
  const end = performance.now() + WARM_UP_MILLISECONDS;
  let call = await time(run, 1);
  for (let calls = 1; performance.now() < end; calls *= 2) call = (await time(run, calls)) / calls;
  return call;
}

function timeSync(run, calls) {
  const start = performance.now();
  let passed = 0;
  for (let call = 0; call < calls; call += 1) passed += run() ? 1 : 0;
  return since(start, passed, calls);
}

async function timeAsync(run, calls) {
  const start = performance.now();
  let passed = 0;
  for (let call = 0; call < calls; call += 1) passed += (await run()) ? 1 : 0;
  return since(start, passed, calls);
}

/** Every answer is used, so that no call is left out as useless. */
function since(start, passed, calls) {
  const milliseconds = performance.now() - start;
  if (passed !== 0 && passed !== calls) throw new Error(`one message passed ${passed} times in ${calls} calls`);
  return milliseconds;
}
