// Figure: what a frame of the panel costs with 500 services, while the wheel turns and while somebody types into the search.
import { execFile } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { findElectronRuntime } from '../../build/electron-runtime.mjs';
import { quantile, round } from '../numbers.mjs';
import { inTemporaryFolder, program, ROOT } from '../running.mjs';

const run = promisify(execFile);
const FRAME_MS = 16;
const BED_LIMIT_S = 150;

export const panel500 = {
  name: 'panel-500',
  title: 'the panel with 500 services',
  method: 'The panel in the real Electron on the desktop of test/bed (Xvfb, no GPU), over a main process that tells 500 services, each checked every 10 s, four times a second. '
    + 'Two turns of the wheel of 24,000 pixels at 3,000 a second, then 45 keys into the search that find few, none and all. From a trace (Chrome DevTools Protocol): '
    + 'the time of all tasks of the main thread of the page from the beginning of a frame to that of the next; of it CPU time; and the time between frames. None left out.',
  async measure() {
    // Found outside: the user of the bed may not write the cache.
    const { version } = await findElectronRuntime();
    const driver = join(ROOT, '.cache', 'bench', 'panel-500.mjs');
    await mkdir(join(ROOT, '.cache', 'bench'), { recursive: true });
    // As deep below the root as its source, so that both find the same files beside them.
    await build({
      absWorkingDir: ROOT, entryPoints: [program('panel-500.ts')], outfile: driver, bundle: true, platform: 'node', format: 'esm', packages: 'external', external: ['../../build/electron-runtime.mjs'], logLevel: 'error',
    });
    const { scrolling, typing } = await inTemporaryFolder(async (folder) => {
      await run('bash', [join(ROOT, 'test', 'bed', 'with-desktop.sh'), process.execPath, driver], {
        timeout: (BED_LIMIT_S + 30) * 1_000, env: { ...process.env, BED_LIMIT: String(BED_LIMIT_S), BED_ARTIFACTS: folder },
      });
      return JSON.parse(await readFile(join(folder, 'panel-500.json'), 'utf8'));
    });
    const figures = { scrolling: spreadAll(scrolling), typing: spreadAll(typing) };
    return {
      runtime: `Electron ${version}`, ...figures,
      measured: `a frame while scrolling ${inWords(figures.scrolling)}; while typing ${inWords(figures.typing)}; Electron ${version}`,
      target: `p95 under ${FRAME_MS} ms`, met: [figures.scrolling, figures.typing].every(({ work }) => work.p95 < FRAME_MS),
    };
  },
};

const spread = (values) => ({ median: round(quantile(values, 0.5)), p95: round(quantile(values, 0.95)), most: round(Math.max(...values)), frames: values.length });
const spreadAll = ({ work, cpu, between, longTasks }) => ({ work: spread(work), cpu: spread(cpu), between: spread(between), longTasks: longTasks.length });
const inWords = ({ work, cpu }) => `${work.median} ms (median), ${work.p95} ms (p95), ${work.most} ms (most), of CPU time ${cpu.p95} ms (p95), ${cpu.most} ms (most)`;
