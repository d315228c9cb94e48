// Figure: from asking for the panel to its first paint and to its list of 50 services.
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { findElectronRuntime } from '../../build/electron-runtime.mjs';
import { quantile, round } from '../numbers.mjs';
import { freePorts, importDesktop, inTemporaryFolder, program, ROOT, startPartner, startTalker, within } from '../running.mjs';

const run = promisify(execFile);
const SERVICES = 50;
const OPENINGS = 10;
const PAINT_WITHIN_MS = 300;
const CONTENT_WITHIN_MS = 500;
const PATIENCE_MS = 60_000;
const BED_LIMIT_S = 200;

export const panelOpening = {
  name: 'panel-opening',
  title: 'opening the panel',
  method: `The built app as a plain user on the desktop of test/bed, supervising ${SERVICES} services (an HTTP check each, every 5 s), all up. ${OPENINGS} openings one after the other, the window destroyed in between, none left out. `
    + 'From the act in the main process until the window is on the screen and its page has painted for the first time (Paint Timing), and until the frame after the one in which the rows of the list were put into the page.',
  async measure() {
    const { version } = await findElectronRuntime();
    const openings = await inTemporaryFolder(async (folder) => {
      await run('bash', [join(ROOT, 'test', 'bed', 'with-desktop.sh'), process.execPath, fileURLToPath(import.meta.url)], {
        timeout: (BED_LIMIT_S + 30) * 1_000, env: { ...process.env, BED_LIMIT: String(BED_LIMIT_S), BED_ARTIFACTS: folder },
      });
      return JSON.parse(await readFile(join(folder, 'panel-opening.json'), 'utf8'));
    });
    const [paint, content] = [openings.map(({ shown, paint }) => Math.max(shown, paint)), openings.map(({ shown, content }) => Math.max(shown, content))].map(spread);
    return {
      runtime: `Electron ${version}`, firstPaintMs: paint, contentMs: content, openings,
      measured: `first paint after ${paint.median} ms (at most ${paint.most}), content after ${content.median} ms (at most ${content.most}); Electron ${version}`,
      target: `at most ${PAINT_WITHIN_MS} ms, ${CONTENT_WITHIN_MS} ms`, met: paint.most <= PAINT_WITHIN_MS && content.most <= CONTENT_WITHIN_MS,
    };
  },
};

const spread = (values) => ({ median: round(quantile(values, 0.5)), most: round(Math.max(...values)) });

/** What runs inside the bed. */
async function insideBed() {
  const ports = await freePorts(SERVICES);
  const targets = await startPartner(program('many-targets.mjs'), { answering: ports, hanging: [] });
  try {
    await inTemporaryFolder(async (folder) => {
      const desktop = await importDesktop(folder);
      writeFileSync(join(folder, 'services.json'), JSON.stringify({
        version: 1, services: Object.fromEntries(ports.map((port) => [`on-${port}`, { checks: [{ type: 'http', url: `http://127.0.0.1:${port}/` }] }])),
      }));
      writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'opening', version: '0.0.0', main: program('opening-probe.cjs') }));
      writeFileSync(join(process.env.BED_ARTIFACTS, 'panel-opening.json'), JSON.stringify(await openOften(desktop, folder)));
    });
  } finally {
    await targets.end();
  }
}

async function openOften(desktop, folder) {
  const { executable } = await findElectronRuntime();
  const app = startTalker(executable, [folder, '--config', join(folder, 'services.json')], { UPKEEP_HOME: join(folder, 'home'), BENCH_MAIN: join(ROOT, 'dist', 'main.cjs') });
  const lines = createInterface({ input: app.child.stdout })[Symbol.asyncIterator]();
  try {
    const item = await desktop.waitForTrayItem({ timeoutMs: PATIENCE_MS });
    while (!(await desktop.readTrayTooltip(item)).includes(`${SERVICES} up`)) await new Promise((resolve) => setTimeout(resolve, 100));
    const openings = [];
    while (openings.length < OPENINGS) {
      app.child.stdin.write('open\n');
      const { value } = await within(PATIENCE_MS, 'the panel to open', lines.next());
      openings.push(JSON.parse(value));
      await windowsGone();
    }
    return openings;
  } finally {
    await app.end();
  }
}

/** Without a single window wmctrl complains instead of listing none. */
async function windowsGone() {
  while (/ Upkeep$/m.test((await run('wmctrl', ['-l']).catch(() => ({ stdout: '' }))).stdout)) await new Promise((resolve) => setTimeout(resolve, 50));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await insideBed();
