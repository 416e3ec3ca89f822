import { defineConfig } from 'vitest/config';

/** Types commands with the ports that a reader would use: nothing else may run meanwhile that could take one of them. */
const README = 'test/e2e/readme.test.ts';

export default defineConfig({
  test: {
    testTimeout: 20_000,
    hookTimeout: 20_000,
    globalSetup: 'test/global-setup.ts',
    pool: 'forks',
    // No module has state of its own, so files can share a process: starting one per file took as long as the tests.
    isolate: false,
    maxWorkers: 2,
    projects: [
      { extends: true, test: { name: 'all', include: ['test/**/*.test.ts'], exclude: [README] } },
      { extends: true, test: { name: 'readme', include: [README], sequence: { groupOrder: 1 } } },
    ],
  },
});
