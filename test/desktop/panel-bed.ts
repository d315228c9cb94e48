// Starts a real Electron with the real shell over the stage of panel-main.ts, and ends it again.
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type BuildOptions } from 'esbuild';
import { _electron, type ElectronApplication, type Page } from 'playwright';
import { findElectronRuntime } from '../../build/electron-runtime.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const START_WITHIN_MS = 60_000;

export interface PanelBed {
  readonly app: ElectronApplication;
  /** Opens the panel and waits for its page. */
  openPanel(): Promise<Page>;
  /** What main and its pages wrote to stderr so far. */
  errors(): string;
  end(): Promise<void>;
}

export async function startPanelBed(): Promise<PanelBed> {
  const folder = mkdtempSync(join(tmpdir(), 'upkeep-panel-'));
  try {
    await bundleInto(folder);
    const { executable } = await findElectronRuntime();
    const app = await _electron.launch({
      executablePath: executable,
      args: [folder],
      // Unless told otherwise the driver turns the sandbox off. As root there is none.
      chromiumSandbox: process.getuid?.() !== 0,
      env: { ...environment(), PANEL_BED_HOME: join(folder, 'home') },
      timeout: START_WITHIN_MS,
    });
    let errors = '';
    app.process().stderr?.on('data', (chunk) => { errors += String(chunk); });
    await app.evaluate(async () => {
      while (!('upkeepStage' in globalThis)) await new Promise((resolve) => setTimeout(resolve, 20));
    });
    return {
      app,
      async openPanel() {
        const opened = app.windows().length > 0 ? undefined : app.waitForEvent('window', { timeout: START_WITHIN_MS });
        await app.evaluate(() => globalThis.upkeepStage.showPanel());
        const page = (await opened) ?? (await app.firstWindow());
        await page.waitForSelector('main h1');
        return page;
      },
      errors: () => errors,
      async end() {
        await app.close();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

async function bundleInto(folder: string): Promise<void> {
  const common = { absWorkingDir: ROOT, bundle: true, logLevel: 'error' } satisfies BuildOptions;
  const forNode = { ...common, platform: 'node', target: 'node18.15', format: 'cjs', external: ['electron'] } satisfies BuildOptions;
  await Promise.all([
    build({ ...forNode, entryPoints: ['test/desktop/panel-main.ts'], outfile: join(folder, 'main.cjs') }),
    build({ ...forNode, entryPoints: ['electron/preload.ts'], outfile: join(folder, 'preload.cjs') }),
    build({
      ...common, platform: 'browser', target: 'chrome114', format: 'iife', jsx: 'automatic', jsxImportSource: 'preact',
      entryPoints: ['renderer/main.tsx'], outdir: join(folder, 'panel'),
    }),
  ]);
  cpSync(join(ROOT, 'renderer/index.html'), join(folder, 'panel/index.html'));
  cpSync(join(ROOT, 'electron/icons'), join(folder, 'icons'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'upkeep-panel-bed', version: '0.0.0', main: 'main.cjs' }));
}

function environment(): Record<string, string> {
  return Object.fromEntries(Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
