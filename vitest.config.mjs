// How tests run: one project per folder of test/. `systemd` and `desktop` need the sessions of test/bed/ around them,
// which build/test.mjs provides; run alone they fail.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { ALL_PROJECTS } from './build/test-projects.mjs';

// A cold machine took 13 s to start its first process; a real hang is still noticed soon enough.
const PATIENCE_MS = 30_000;
// Real processes and ports compete for the same two cores: one file after the other keeps their timing honest.
const ONE_FILE_AT_A_TIME = new Set(['engine', 'cli', 'panel-pages', 'end-to-end', 'systemd', 'desktop', 'stories', 'packaging']);

const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));
// build/test.mjs adds up the results it finds there.
const { BED_ARTIFACTS } = process.env;
const reporters =
  BED_ARTIFACTS === undefined ? ['default'] : ['default', ['json', { outputFile: join(BED_ARTIFACTS, 'results.json') }]];

export default defineConfig({
  test: {
    maxWorkers: 2,
    // Inside a bed another user runs the tests, who can't write into the repository.
    cache: false,
    reporters,
    projects: ALL_PROJECTS.map((name) => ({
      // The same constant the bundler puts in.
      define: { __UPKEEP_VERSION__: JSON.stringify(version) },
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
