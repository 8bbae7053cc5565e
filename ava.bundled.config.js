import config from './ava.config.js';

/** `npm test`: the test files as `dist/test/bundle-tests.js` bundles them. */
export default {
  ...config,
  typescript: { rewritePaths: { 'test/': 'dist/bundle/test/' }, compile: false },
};
