// The desktop channel with a stand-in for notify-send, and with a stand-in for node-notifier where that is used.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { desktopChannelOn, type DesktopChannel, type DesktopSystem } from '../../../supervisor/channels/desktop.ts';
import type { LibraryNotification, ShowNotification } from '../../../supervisor/channels/desktop-library.ts';
import type { Notice } from '../../../supervisor/ports.ts';
import { channelSuite } from './channel-suite.ts';
import { listen, notice } from './notices.ts';
import { streamingRun, type StreamingRun } from './streaming-run.ts';

const PATIENCE_MS = 30_000;
const STAND_IN = fileURLToPath(new URL('../../programs/notify-send-stand-in.mjs', import.meta.url));
const never = new AbortController().signal;
const libraryIsNotUsed: ShowNotification = () => Promise.reject(new Error('node-notifier was not to be used'));

interface Desk {
  readonly channel: DesktopChannel;
  readonly clicks: string[];
  readonly runner: StreamingRun;
  /** Arguments of each notify-send, by pid. */
  readonly calls: () => Map<string, string[]>;
  readonly ended: () => string[];
  /** What notify-send was called with, in order: the titles, or the numbers of what was replaced. */
  readonly titles: (what?: 'replaced') => string[];
  /** From now on. */
  readonly behave: (behaviour: string) => void;
}
const desks: { readonly folder: string; readonly desk: Desk }[] = [];

const linesOf = (file: string): string[] => (existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []);
/** A notice about an alert of that service. */
const about = (id: string, differs: Partial<Notice> = {}): Notice => notice({ alertId: `alert-${id}`, service: { id, name: id }, title: `${id} is down`, ...differs });

/** A desktop whose notify-send behaves as named; `none`: there is none. */
function desk(behaviour: string, differs: Partial<DesktopSystem> = {}): Desk {
  const folder = mkdtempSync(join(tmpdir(), 'upkeep-desk-'));
  if (behaviour !== 'none') symlinkSync(STAND_IN, join(folder, 'notify-send'));
  // A machine that has a notify-send of its own must not show what the tests send.
  for (const tool of ['stdbuf', 'env']) symlinkSync(`/usr/bin/${tool}`, join(folder, tool));
  symlinkSync(process.execPath, join(folder, 'node'));
  const env: NodeJS.ProcessEnv = { PATH: folder, NOTIFY_FOLDER: folder, NOTIFY_AS: behaviour };
  const runner = streamingRun(env);
  const { context, clicks } = listen();
  const system = { platform: 'linux', env: { DISPLAY: ':1', DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere' }, run: runner.run, showThroughLibrary: libraryIsNotUsed, nowMs: () => performance.now(), ...differs } as const;
  const made: Desk = {
    runner, clicks, channel: desktopChannelOn(system).create({}, context),
    calls: () => new Map(readdirSync(folder).filter((name) => name.endsWith('.json'))
      .map((name) => [name.replace('.json', ''), JSON.parse(readFileSync(join(folder, name), 'utf8')) as string[]])),
    titles: (what) => linesOf(join(folder, 'calls')).map((line) => JSON.parse(line) as string[])
      .map((args) => (what === undefined ? (args.at(-2) ?? '') : (args.find((arg) => arg.startsWith('--replace-id='))?.slice(13) ?? ''))),
    behave: (next) => { env['NOTIFY_AS'] = next; },
    ended: () => (readdirSync(folder).includes('ended') ? readFileSync(join(folder, 'ended'), 'utf8').trim().split('\n') : []),
  };
  desks.push({ folder, desk: made });
  return made;
}
const cleanUp = async (): Promise<void> => {
  vi.useRealTimers();
  for (const { folder, desk: { channel, runner } } of desks.splice(0)) {
    channel.dispose();
    await runner.untilNoneRuns();
    rmSync(folder, { recursive: true });
  }
};
const onlyCall = (calls: Map<string, string[]>): string[] => {
  expect(calls.size).toBe(1);
  return [...calls.values()].flat();
};

describe('desktop on Linux', () => {
  channelSuite({
    well: () => Promise.resolve(desk('waits').channel),
    broken: {
      'notify-send is missing': () => Promise.resolve(desk('none').channel),
      'no notification service answers': () => Promise.resolve(desk('refused').channel),
      'there is no display': () => Promise.resolve(desk('waits', { env: {} }).channel),
    },
    silent: () => Promise.resolve(desk('silent').channel),
    secrets: [],
    cleanUp,
  });
});

describe('notify-send', () => {
  afterEach(cleanUp);

  test('gets title and text as one line each, the text as markup that shows what it says', async () => {
    const { channel, calls } = desk('closed');
    await channel.deliver(notice({ title: '--help is down', message: 'body is "<b>a & b</b>\n$(id)`id`"' }), never);
    expect(onlyCall(calls()).slice(-3)).toEqual(['--', '--help is down', 'body is "&lt;b&gt;a &amp; b&lt;/b&gt; $(id)`id`"']);
  });

  test.for<[string, Partial<Notice>, string]>([
    ['a critical alert is critical', { level: 'critical' }, 'critical'],
    ['a warning is normal', { level: 'warning' }, 'normal'],
    ['an info is low', { level: 'info' }, 'low'],
    ['a resolved critical alert is normal', { level: 'critical', kind: 'resolved' }, 'normal'],
    ['a fix is normal', { level: 'info', kind: 'fixed' }, 'normal'],
  ])('%s', async ([, differs, urgency]) => {
    const { channel, calls } = desk('closed');
    await channel.deliver(notice(differs), never);
    expect(onlyCall(calls())).toContain(`--urgency=${urgency}`);
  });

  test('a click is told with the id of the service, once', async () => {
    const { channel, clicks, runner } = desk('clicked');
    expect(await channel.deliver(notice(), never)).toEqual({ accepted: true });
    await runner.untilNoneRuns();
    expect(clicks).toEqual(['demo']);
  });

  test('closing the notice is no click', async () => {
    const { channel, clicks, runner } = desk('closed');
    expect(await channel.deliver(notice(), never)).toEqual({ accepted: true });
    await runner.untilNoneRuns();
    expect(clicks).toEqual([]);
  });

  test('a newer notice of the same alert replaces the older one, and one process waits', async () => {
    const { channel, calls, ended, runner } = desk('waits');
    await channel.deliver(notice(), never);
    const [first = ''] = calls().keys();
    await channel.deliver(notice({ kind: 'repeated' }), never);
    const [second = []] = [...calls()].filter(([pid]) => pid !== first).map(([, args]) => args);
    expect(second).toContain(`--replace-id=${first}`);
    await vi.waitFor(() => { expect(ended()).toEqual([first]); }, { timeout: PATIENCE_MS });
    await channel.deliver(notice({ kind: 'resolved' }), never);
    await vi.waitFor(() => { expect(runner.running()).toBe(1); }, { timeout: PATIENCE_MS });
    expect([...calls().values()].filter((args) => args.includes(`--replace-id=${first}`))).toHaveLength(2);
  });

  test('notices of alerts that come 10 s apart stand side by side, and no more than 16 processes wait', async () => {
    let nowMs = 0;
    const { channel, calls, runner } = desk('waits', { nowMs: () => nowMs });
    for (let i = 0; i < 18; i += 1) {
      nowMs += 10_000;
      await channel.deliver(about(`s${i}`), never);
    }
    expect([...calls().values()].flat().filter((arg) => arg.startsWith('--replace-id'))).toEqual([]);
    await vi.waitFor(() => { expect(runner.running()).toBe(16); }, { timeout: PATIENCE_MS });
  });

  test('a burst is one notification: the first alert at once, then all of them in its place', async () => {
    const { channel, titles, calls } = desk('waits');
    expect(await channel.deliver(about('pg'), never)).toEqual({ accepted: true });
    expect(await Promise.all(['redis', 'web'].map((id) => channel.deliver(about(id), never)))).toEqual([{ accepted: true }, { accepted: true }]);
    expect(titles()).toEqual(['pg is down', '3 services are down; the first was pg']);
    for (const id of ['redis', 'pg', 'web']) await channel.deliver(about(id, { kind: 'resolved', ended: 'recovered', title: `${id} is up again` }), never);
    expect(titles().slice(2)).toEqual(['2 of 3 services are still down', '1 of 3 services is still down', 'All 3 services are up again']);
    const [first = ''] = calls().keys();
    expect(titles('replaced').slice(1)).toEqual(Array.from({ length: 4 }, () => first));
  });

  test('alerts that come at the same moment are one notification from the beginning', async () => {
    const { channel, titles } = desk('waits');
    await Promise.all(['pg', 'redis', 'web'].map((id) => channel.deliver(about(id), never)));
    expect(titles()).toEqual(['3 services are down; the first was pg']);
  });

  test('an alert of a burst whose notification could not be shown is tried again by itself, and joins what stands', async () => {
    const { channel, titles, behave } = desk('refused');
    expect(await channel.deliver(about('pg'), never)).toMatchObject({ accepted: false });
    behave('waits');
    await channel.deliver(about('redis'), never);
    expect(await channel.deliver(about('pg'), never)).toEqual({ accepted: true });
    expect(titles()).toEqual(['pg is down', 'redis is down', '2 services are down; the first was redis']);
  });

  test('a click on a joined notice opens the first service that is still down', async () => {
    const { channel, clicks, behave, runner } = desk('waits');
    await channel.deliver(about('pg'), never);
    await channel.deliver(about('redis'), never);
    behave('clicked');
    await channel.deliver(about('pg', { kind: 'resolved', ended: 'recovered' }), never);
    await runner.untilNoneRuns();
    expect(clicks).toEqual(['redis']);
  });

  test('a test notice is shown beside the others, and a click on it opens nothing', async () => {
    const { channel, titles, clicks, behave, runner } = desk('waits');
    await channel.deliver(about('pg'), never);
    behave('clicked');
    await channel.deliver(notice({ kind: 'test', alertId: 'test-1', service: null, title: 'Upkeep test notification' }), never);
    expect(titles()).toEqual(['pg is down', 'Upkeep test notification']);
    expect(titles('replaced')).toEqual(['', '']);
    await vi.waitFor(() => { expect(runner.running()).toBe(1); }, { timeout: PATIENCE_MS });
    expect(clicks).toEqual([]);
  });

  test('a notice that was closed is not replaced: its number may stand for another one by now', async () => {
    const { channel, titles, runner } = desk('closed');
    await channel.deliver(about('pg'), never);
    await runner.untilNoneRuns();
    await channel.deliver(about('pg', { kind: 'resolved', ended: 'recovered' }), never);
    expect(titles('replaced')).toEqual(['', '']);
  });

  test('disposing ends what waits, twice is fine, and is no click', async () => {
    const { channel, clicks, runner } = desk('waits');
    await channel.deliver(notice(), never);
    channel.dispose();
    channel.dispose();
    await runner.untilNoneRuns();
    expect(clicks).toEqual([]);
  });

  test('that never answers is ended after 10 s', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { channel, runner } = desk('silent');
    const delivering = channel.deliver(notice(), never);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await delivering).toEqual({ accepted: false, unavailable: false, error: 'the notification service did not answer within 10 s' });
    vi.useRealTimers();
    await runner.untilNoneRuns();
  });

  test('that fails is told with its own words', async () => {
    expect(await desk('refused').channel.deliver(notice(), never)).toEqual({
      accepted: false, unavailable: false, error: 'notify-send failed: GDBus.Error:org.freedesktop.DBus.Error.ServiceUnknown: nobody here',
    });
  });
});

describe('a desktop that cannot be told', () => {
  afterEach(cleanUp);
  const folder = mkdtempSync(join(tmpdir(), 'upkeep-desk-'));

  test.for<[string, Partial<DesktopSystem>, string]>([
    ['has no display', { env: { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/x' } }, 'no desktop session (neither DISPLAY nor WAYLAND_DISPLAY is set)'],
    ['has an empty display', { env: { DISPLAY: '', DBUS_SESSION_BUS_ADDRESS: 'unix:path=/x' } }, 'no desktop session (neither DISPLAY nor WAYLAND_DISPLAY is set)'],
    ['has no session bus', { env: { DISPLAY: ':1' } }, 'no session bus (DBUS_SESSION_BUS_ADDRESS is not set and $XDG_RUNTIME_DIR/bus does not exist)'],
    ['has no session bus in its runtime folder', { env: { WAYLAND_DISPLAY: 'w', XDG_RUNTIME_DIR: folder } }, 'no session bus (DBUS_SESSION_BUS_ADDRESS is not set and $XDG_RUNTIME_DIR/bus does not exist)'],
    ['is none we know', { platform: 'win32' }, 'no desktop notifications on win32'],
  ])('%s: unavailable, and nothing is started', async ([, differs, error]) => {
    const { channel, calls } = desk('closed', differs);
    expect(await channel.deliver(notice(), never)).toEqual({ accepted: false, unavailable: true, error });
    expect(calls().size).toBe(0);
  });

  test('lacks notify-send: unavailable, with the package to install', async () => {
    expect(await desk('none').channel.deliver(notice(), never)).toEqual({ accepted: false, unavailable: true, error: 'notify-send is missing: install libnotify-bin' });
  });

  test('a bus in the runtime folder is enough', async () => {
    writeFileSync(join(folder, 'bus'), '');
    expect(await desk('closed', { env: { WAYLAND_DISPLAY: 'w', XDG_RUNTIME_DIR: folder } }).channel.deliver(notice(), never)).toEqual({ accepted: true });
    rmSync(folder, { recursive: true });
  });
});

describe('node-notifier', () => {
  afterEach(cleanUp);
  const seen: LibraryNotification[] = [];
  const answering = (...answer: Parameters<Parameters<ShowNotification>[1]>): ShowNotification => (notification, callBack) => {
    seen.push(notification);
    callBack(...answer);
    return Promise.resolve();
  };
  const onMac = (showThroughLibrary: ShowNotification) => desk('none', { platform: 'darwin', env: {}, showThroughLibrary });

  channelSuite({
    well: () => Promise.resolve(onMac(answering(null, 'timeout')).channel),
    broken: {
      'the library fails': () => Promise.resolve(onMac(answering(new Error('spawn EACCES'))).channel),
      'the library cannot be loaded': () => Promise.resolve(onMac(() => Promise.reject(new Error('no such module'))).channel),
    },
    silent: () => Promise.resolve(onMac(() => Promise.resolve()).channel),
    secrets: [],
    cleanUp,
  });

  test('is used on macOS; a click is told with the id of the service', async () => {
    const { channel, clicks } = onMac(answering(null, 'activate'));
    expect(await channel.deliver(notice(), never)).toEqual({ accepted: true });
    expect(clicks).toEqual(['demo']);
  });

  test('is used where notify-send is too old, with texts that are no options', async () => {
    const { channel } = desk('old', { showThroughLibrary: answering('some warning of GTK') });
    expect(await channel.deliver(notice({ title: '-t 1', message: '--version\n<i>' }), never)).toEqual({ accepted: true });
    expect(seen.at(-1)).toMatchObject({ title: '\u2010t 1', message: '\u2010-version &lt;i&gt;', urgency: 'critical' });
  });

  test('is quoted up to 200 characters when it fails, and the cut can be seen', async () => {
    const { channel } = onMac(answering(new Error(`${'x'.repeat(201)}\nat`)));
    expect(await channel.deliver(notice(), never)).toMatchObject({ error: `the notification was not shown (${'x'.repeat(200)}…)` });
  });

  test('replaces nothing, so a burst is the first alert at once and one notification in 10 s for the rest', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    const shown: string[] = [];
    const { channel } = onMac((notification, callBack) => {
      shown.push(`${performance.now() - begunAt} ${notification.title}`);
      callBack(null, 'timeout');
      return Promise.resolve();
    });
    const begunAt = performance.now();
    const accepted: string[] = [];
    const deliver = (id: string, differs?: Partial<Notice>): void => void channel.deliver(about(id, differs), never).then((result) => { if (result.accepted) accepted.push(id); });
    deliver('pg');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(accepted).toEqual(['pg']);
    for (const id of ['redis', 'web', 'mail']) deliver(id);
    await vi.advanceTimersByTimeAsync(11_000);
    deliver('dns');
    deliver('pg', { kind: 'resolved', ended: 'recovered' });
    await vi.advanceTimersByTimeAsync(30_000);
    expect(shown).toEqual(['0 pg is down', '10000 4 services are down; the first was pg', '20000 4 of 5 services are still down']);
    expect(accepted).toEqual(['pg', 'redis', 'web', 'mail', 'dns', 'pg']);
  });

  test('that replaces nothing lets go of what waits for its turn when it is called off', async () => {
    const { channel } = onMac(answering(null, 'timeout'));
    const calledOff = new AbortController();
    await channel.deliver(about('pg'), never);
    const waiting = channel.deliver(about('redis'), calledOff.signal);
    calledOff.abort();
    expect(await waiting).toMatchObject({ accepted: false, error: 'the delivery was called off' });
    const disposed = channel.deliver(about('web'), never);
    channel.dispose();
    expect(await disposed).toMatchObject({ accepted: false });
  });

  test('that never calls back is given up after 10 s', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const delivering = onMac(() => Promise.resolve()).channel.deliver(notice(), never);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await delivering).toEqual({ accepted: false, unavailable: false, error: 'the notification was not shown within 10 s' });
  });
});
