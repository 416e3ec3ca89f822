import { defineConfig } from 'vitest/config';

/** Types commands with the ports that a reader would use: nothing else may run meanwhile that could take one of them. */
const README = 'test/e2e/readme.test.ts';

export default defineConfig({
  test: {
    // For a busy machine: only what hangs gets there.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    globalSetup: 'test/global-setup.ts',
    pool: 'forks',
    // No module has state of its own, so files can share a process: starting one per file took as long as the tests.
    isolate: false,
    maxWorkers: 2,
    // What a module is compiled to is kept for the next run, by its content: a sixth of the time of the tests that start nothing.
    experimental: { fsModuleCache: true, fsModuleCachePath: 'node_modules/.cache/vitest' },
    projects: [
      { extends: true, test: { name: 'all', include: ['test/**/*.test.ts'], exclude: [README] } },
      { extends: true, test: { name: 'readme', include: [README], sequence: { groupOrder: 1 } } },
    ],
  },
});
