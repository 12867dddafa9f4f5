// The guard before a handler of Node's http.createServer.

import { answerWith, gone, incomingOf, settleAtEnd } from './node-http.js';

const FIX =
  'the request was read before the guard saw it: give guardNode(guard, handler) to createServer itself, and read' +
  ' req.delivery.bytes or req.delivery.json() in the handler';

export function guardNode(guard, handler) {
  return async (req, res) => {
    let judged;
    try {
      judged = await guard.receive(incomingOf(req, req.url, FIX));
      if (!judged.ok) return answerWith(req, res, judged.answer);
      req.delivery = judged;
      settleAtEnd(res, judged);
      const work = handler(req, res);
      await work;
      // The sender hung up and the handler stopped. A handler that returned no promise may still be working.
      if (typeof work?.then === 'function' && gone(res) && !res.writableEnded) await judged.release();
    } catch (error) {
      console.error(error); // rejecting would end the process, with the messages of other senders
      await judged?.release();
      if (res.headersSent) res.destroy();
      else res.writeHead(500).end();
    }
  };
}
