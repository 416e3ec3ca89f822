import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 20_000,
    hookTimeout: 20_000,
    globalSetup: 'test/global-setup.ts',
    pool: 'forks',
    // No module has state of its own, so files can share a process: starting one per file took as long as the tests.
    isolate: false,
    maxWorkers: 2,
  },
});
