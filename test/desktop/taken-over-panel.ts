// The panel in a real Electron for the security tests: code runs in its page as if somebody had taken the page over, ports note who comes,
// and what Electron starts to open an address is a program that notes its arguments.
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import type { ServiceSnapshot } from '../../supervisor/contract/snapshot.ts';
import { waitFor } from '../bed/wait-for.ts';
import { snapshot } from '../panel/snapshot-builders.ts';
import { type PanelBed, startPanelBed } from './panel-bed.ts';
import { listenForVisitors, type Visitors } from './visitors.ts';

export const PANEL = 'app://panel/index.html';

export interface TakenOver {
  readonly app: PanelBed['app'];
  readonly visitors: Visitors;
  /** Empty but for what the tests leave there. */
  readonly folder: string;
  /** Runs code in the panel's page as if a person had just clicked there; the code is the body of an async function. */
  inPage(body: string): Promise<unknown>;
  say(services: readonly ServiceSnapshot[]): Promise<void>;
  /** What reached the supervisor and is not only a question. */
  acts(): Promise<readonly unknown[]>;
  /** The arguments that Electron gave to the system's opener in this test, in order. */
  opened(): readonly string[];
}

const QUESTIONS = ['status', 'history', 'overview', 'series', 'statistics', 'incidents', 'incident', 'log', 'storage', 'diagnostics', 'settings'];

/** Call at the top of a test file. Every test gets a page of its own. */
export function useTakenOverPanel(): TakenOver {
  let bed: PanelBed;
  let visitors: Visitors;
  let folder = '';

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'upkeep-security-'));
    writeFileSync(join(folder, 'xdg-open'), `#!/bin/sh\nfor argument; do printf '%s\\n' "$argument"; done >>'${join(folder, 'opened')}'\n`);
    chmodSync(join(folder, 'xdg-open'), 0o755);
    process.env['PATH'] = `${folder}:${process.env['PATH'] ?? ''}`;
    visitors = await listenForVisitors();
    bed = await startPanelBed();
  }, 120_000);
  afterAll(async () => {
    await bed.end();
    await visitors.stop();
    rmSync(folder, { recursive: true });
  });
  beforeEach(async () => {
    rmSync(join(folder, 'opened'), { force: true });
    await bed.openPanel();
    await bed.app.evaluate(() => { globalThis.upkeepStage.calls.splice(0); });
  });
  // The driver would wait for ever for a navigation that it saw begin and not end.
  afterEach(async () => {
    await bed.app.evaluate(({ BrowserWindow }) => { for (const window of BrowserWindow.getAllWindows()) window.destroy(); });
    await waitFor('the windows to be gone', () => bed.app.windows().length === 0);
  });

  return {
    get app() { return bed.app; },
    get visitors() { return visitors; },
    get folder() { return folder; },
    inPage: (body) => bed.app.evaluate(({ BrowserWindow }, code) =>
      BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript(`(async () => { ${code} })()`, true) as Promise<unknown>, body),
    say: (services) => bed.app.evaluate((_electron, given) => globalThis.upkeepStage.say({ kind: 'snapshot', snapshot: given }), snapshot([...services])),
    acts: () => bed.app.evaluate((_electron, questions) => globalThis.upkeepStage.calls.filter(({ name }) => !questions.includes(name)), QUESTIONS),
    opened: () => (existsSync(join(folder, 'opened')) ? readFileSync(join(folder, 'opened'), 'utf8').trim().split('\n') : []),
  };
}
