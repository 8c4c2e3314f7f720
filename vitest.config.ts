import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'bench/**/*.test.ts'],
    setupFiles: ['test/support/random-cases.ts'],
    globalSetup: ['test/support/postgres-door.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
