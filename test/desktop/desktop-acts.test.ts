// What only the desktop app can do for its panel, asked for as the page asks: start at login, theme, clipboard, files, diagnostics.
// And the tray's menu, which stays as it is while only numbers change.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DesktopActInput, DesktopActName, DesktopActResult } from '../../supervisor/contract/panel.ts';
import type { Snapshot } from '../../supervisor/contract/snapshot.ts';
import { readTrayMenu, readTrayTooltip, waitForTrayItem } from '../bed/desktop.ts';
import { waitFor } from '../bed/wait-for.ts';
import { service, snapshot, variedSnapshot } from '../panel/snapshot-builders.ts';
import { type PanelBed, startPanelBed } from './panel-bed.ts';

const config = mkdtempSync(join(tmpdir(), 'upkeep config $HOME-'));
const entry = join(config, 'autostart/upkeep.desktop');
let bed: PanelBed;
let panel: Page;
let dataFolder: string;

beforeAll(async () => {
  process.env['XDG_CONFIG_HOME'] = config;
  bed = await startPanelBed();
  dataFolder = await bed.app.evaluate(({ app }) => app.getPath('userData'));
  await say(variedSnapshot());
  panel = await bed.openPanel();
}, 120_000);
afterAll(async () => {
  await bed.end();
  rmSync(config, { recursive: true, force: true });
});

const say = (given: Snapshot) => bed.app.evaluate((_electron, snapshot) => globalThis.upkeepStage.say({ kind: 'snapshot', snapshot }), given);
const act = <Name extends DesktopActName>(name: Name, input: unknown) =>
  panel.evaluate<unknown, readonly [string, unknown]>(([act, given]) => window.upkeep?.desktop?.(act as never, given as never), [name, input]);
const value = <Name extends DesktopActName>(name: Name, input: DesktopActInput<Name>): Promise<DesktopActResult<Name>> =>
  act(name, input).then((answer) => {
    expect(answer).toMatchObject({ ok: true });
    return (answer as { value: DesktopActResult<Name> }).value;
  });
/** What the person's own programs would have been given. */
const opened = () => bed.app.evaluate(({ shell }) => {
  const paths: string[] = [];
  shell.openPath = async (path) => { paths.push(path); return path.endsWith('services.json') ? '' : 'no application'; };
  Reflect.set(globalThis, 'openedPaths', paths);
});
const openedPaths = () => bed.app.evaluate(() => Reflect.get(globalThis, 'openedPaths') as unknown);

describe('acts of the desktop app', () => {
  test('start at login is off until chosen, writes the entry the desktop reads, and leaves nothing when it is off again', async () => {
    expect(await value('startAtLogin', {})).toEqual({ enabled: false, note: null });
    expect(existsSync(entry)).toBe(false);
    expect(await value('setStartAtLogin', { enabled: true })).toEqual({ enabled: true, note: null });
    expect(readFileSync(entry, 'utf8')).toMatch(/^Exec="[^"]+electron" "/m);
    writeFileSync(entry, `${readFileSync(entry, 'utf8')}Hidden=true\n`);
    expect(await value('startAtLogin', {})).toEqual({ enabled: false, note: 'It was switched off in the settings of the desktop.' });
    expect(await value('setStartAtLogin', { enabled: false })).toEqual({ enabled: false, note: null });
    expect(existsSync(entry)).toBe(false);
  });

  test('an entry that somebody else wrote is said to be theirs', async () => {
    await value('setStartAtLogin', { enabled: true });
    writeFileSync(entry, '[Desktop Entry]\nExec=something-else\n');
    expect(await act('setStartAtLogin', { enabled: false })).toMatchObject({ ok: false, error: { code: 'failed', message: `${entry} was not written by Upkeep. Remove it, then try again.` } });
    rmSync(entry);
  });

  test('text is copied', async () => {
    await value('copyText', { text: 'Postgres is down — »quoted«\nsecond line' });
    expect(await bed.app.evaluate(({ clipboard }) => clipboard.readText())).toBe('Postgres is down — »quoted«\nsecond line');
  });

  test.each(['dark', 'light'] as const)('the %s theme holds for the page and the window', async (theme) => {
    await value('setTheme', { theme });
    // Unless told otherwise the driver lets every page believe in a light desktop.
    await panel.emulateMedia({ colorScheme: null });
    await expect.poll(() => panel.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches)).toBe(theme === 'dark');
    expect(await bed.app.evaluate(({ nativeTheme }) => nativeTheme.shouldUseDarkColors)).toBe(theme === 'dark');
    await value('setTheme', { theme: 'system' });
  });

  test('a services.json that is not there is not made', async () => {
    await opened();
    await say({ ...variedSnapshot(), config: { file: join(dataFolder, 'missing/services.json'), error: null } });
    expect(await act('openConfiguration', {})).toMatchObject({ ok: false, error: { message: `There is no ${join(dataFolder, 'missing/services.json')}.` } });
    expect([await openedPaths(), existsSync(join(dataFolder, 'missing'))]).toEqual([[], false]);
  });

  test('services.json and the data folder are opened by what the desktop has for them, and a refusal is told', async () => {
    await opened();
    const file = join(dataFolder, 'services.json');
    writeFileSync(file, '{}');
    await say({ ...variedSnapshot(), config: { file, error: null } });
    await value('openConfiguration', { line: 12 });
    expect(await act('openDataFolder', {})).toMatchObject({ ok: false, error: { message: `${dataFolder} cannot be opened: no application` } });
    expect(await openedPaths()).toEqual([file, dataFolder]);
  });

  test('diagnostics say who shows the icon and the notifications', async () => {
    const facts = (await value('desktopDiagnostics', {})).sections.flatMap((section) => section.facts);
    const found = Object.fromEntries(facts.map(({ label, value, state }) => [label, state ?? value]));
    expect(found).toMatchObject({ Tray: 'good', 'Notification daemon': 'good', Desktop: 'XFCE', Session: 'x11', 'Start at login': 'off' });
    expect(facts.find(({ label }) => label === 'Electron')?.value).toBe(await bed.app.evaluate(() => process.versions.electron));
  });

  test.each<[DesktopActName, unknown]>([
    ['openUrl', { service: 'web', url: 'http://127.0.0.1/' }], ['openConfiguration', { file: '/etc/passwd' }], ['openConfiguration', { line: 0 }], ['openDataFolder', { folder: '/' }],
    ['copyText', { text: 7 }], ['setStartAtLogin', { enabled: true, command: 'rm' }], ['setStartAtLogin', {}], ['setTheme', { theme: 'neon' }], ['quit', { now: true }], ['desktopDiagnostics', null],
  ])('%s with %j is refused', async (name, input) => {
    expect(await act(name, input)).toMatchObject({ ok: false, error: { code: 'bad-request' } });
    expect(existsSync(entry)).toBe(false);
  });
});

describe('the menu of the tray', () => {
  test('stays under the hand for a while when only numbers in a reason change, and at once tells of another state', { timeout: 90_000 }, async () => {
    const slow = (ms: number) => snapshot([service('api', {
      status: 'degraded', reason: `Slow: answered after ${ms} ms.`, why: { code: 'slow', symptom: { kind: 'check', check: 'http', target: 'api', evidence: `answered after ${ms} ms` } },
    })]);
    await say(slow(800));
    const tray = await waitForTrayItem();
    const before = await waitFor('the menu of a slow service', async () => {
      const menu = await readTrayMenu(tray);
      return menu.some(({ label }) => label.includes('800 ms')) && menu;
    });
    const sinceMs = performance.now();
    let ms = 800;
    await waitFor('the newer number', async () => {
      await say(slow(ms += 1));
      const menu = await readTrayMenu(tray);
      if (menu.some(({ label }) => label.includes('800 ms'))) expect(menu).toEqual(before);
      return !menu.some(({ label }) => label.includes('800 ms'));
    });
    expect(performance.now() - sinceMs).toBeGreaterThan(10_000);
    await say(snapshot([service('api', { status: 'down', reason: 'Down.' })]));
    await waitFor('the menu of a service that is down', async () => (await readTrayMenu(tray)).some(({ label }) => label === 'api · down · Down.'), { timeoutMs: 5_000 });
    expect(await readTrayTooltip(tray)).toContain('api: Down.');
  });
});
