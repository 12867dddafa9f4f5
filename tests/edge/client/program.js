// For Node, Deno and Bun: the address is the one argument.

import process from 'node:process';

import { told } from './calls.js';

console.log(JSON.stringify(await told(process.argv[2])));
