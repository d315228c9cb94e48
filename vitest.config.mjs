// How tests run: one project per folder of test/. `systemd` and `desktop` need the sessions of test/bed/ around them,
// which build/test.mjs provides; run alone they fail.
import { defineConfig } from 'vitest/config';
import { ALL_PROJECTS } from './build/test-projects.mjs';

// A cold machine took 13 s to start its first process; a real hang is still noticed soon enough.
const PATIENCE_MS = 30_000;
// Real processes and ports compete for the same two cores: one file after the other keeps their timing honest.
const ONE_FILE_AT_A_TIME = new Set(['engine', 'systemd', 'desktop']);

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: ALL_PROJECTS.map((name) => ({
      test: {
        name,
        include: [`test/${name}/**/*.test.{ts,tsx}`],
        environment: 'node',
        testTimeout: PATIENCE_MS,
        hookTimeout: PATIENCE_MS,
        retry: 0,
        fileParallelism: !ONE_FILE_AT_A_TIME.has(name),
      },
    })),
  },
});
