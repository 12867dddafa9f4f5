// For workerd: the address is the query.

import { told } from './calls.js';

export default {
  fetch: async (request) => Response.json(await told(new URL(request.url).searchParams.get('base'))),
};
