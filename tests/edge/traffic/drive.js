// Sends a plan: as many requests at a time as `WIDTH`, copies of one event all at once, and something to happen
// half-way.

import { setTimeout as sleep } from 'node:timers/promises';

import { deliver, send } from './sender.js';

const WIDTH = 100;

/** Gives { job, status, headers, text, tries, why } for each request of the plan. */
export async function drive(jobs, ports, halfway) {
  const results = [];
  const answered = new Map(); // the first request of each event, for what is sent again after it
  let inFlight = 0;
  let turn = 0;
  let half = false;

  async function room() {
    while (inFlight >= WIDTH) await sleep(1);
  }
  async function sending(port, request) {
    inFlight += 1;
    try {
      return await send(port, request);
    } finally {
      inFlight -= 1;
    }
  }
  async function one(job) {
    await answered.get(job.after);
    return { job, ...(await deliver(job.make, ports, turn++, sending)) };
  }

  for (const job of jobs) {
    if (!half && job.place >= 0.5) {
      half = true;
      await halfway();
    }
    await room();
    const copies = Array.from({ length: job.copies }, () => one(job));
    if (job.kind === 'good' && job.after === undefined) answered.set(job.id, copies[0]);
    results.push(...copies);
  }
  return Promise.all(results);
}
