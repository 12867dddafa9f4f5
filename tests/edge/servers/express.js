import express from 'express';
import { guardExpress } from 'countersign/adapters/express';
import { guardOf } from './hooks.js';
import { handle } from './handle.js';

const guard = await guardOf(process.env);
const app = express();
app.all('/hooks/*name', guardExpress(guard), async (req, res) => {
  const { status, body } = await handle(req.delivery);
  res.status(status).json(body);
});
app.use(express.json()); // for the routes below: parsers come after the guard
app.listen(process.env.PORT);
