// Run by Bun: the SQL store on a file of SQLite, over HTTP. Prints where it listens.

import { Database } from 'bun:sqlite';

import { sqlStore } from '../../pkg/stores/sql.js';
import { answerFor } from './remote-store.js';

const database = new Database(process.argv[2], { create: true });
database.run('PRAGMA busy_timeout = 10000');
database.run('PRAGMA journal_mode = WAL');
const store = sqlStore((text, params) => database.query(text).all(...params), { dialect: 'sqlite' });
database.run(store.schema);
const server = Bun.serve({ hostname: '127.0.0.1', port: 0, fetch: (request) => answerFor(request, store) });
console.log(server.url.href);
