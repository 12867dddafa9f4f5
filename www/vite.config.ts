import { defineConfig } from 'vite';

import { playground } from './build/plugin.js';

export default defineConfig({
  base: './', // any host, below any path
  plugins: playground(),
  worker: { format: 'es' },
  server: { fs: { allow: ['..'] } }, // pkg/ stands beside www/
  build: {
    target: 'es2023',
    sourcemap: false,
    assetsInlineLimit: 0, // the policy lets no data: URL be fetched
    modulePreload: { polyfill: false },
  },
});
