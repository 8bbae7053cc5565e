import config from './ava.config.js';

/** `npm test`: the test files as `test/bundle-tests.mjs` bundles them. */
export default {
  ...config,
  typescript: { rewritePaths: { 'test/': 'dist/bundle/test/' }, compile: false },
};
