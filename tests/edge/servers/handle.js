// What the servers of the tests do with an event. Its type says how it goes, and the answer how often the handler was
// called.

let calls = 0;
const times = new Map();

export function handle(delivery) {
  const { id, type } = delivery.event;
  calls += 1;
  times.set(id, (times.get(id) ?? 0) + 1);
  const first = times.get(id) === 1;
  if (type === 'test.throws-once' && first) throw new Error('as the test asked');
  const status = type === 'test.fails-once' && first ? 500 : type === 'test.refused' ? 422 : 200;
  return {
    status,
    body: { id, times: times.get(id), calls, same: delivery.json().id === id, replay: delivery.replay },
  };
}
