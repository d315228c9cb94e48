// The small decisions of the desktop shell: arguments, addresses, window places, acts from the tray.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { runAct } from '../../electron/act-runner.ts';
import { askAboutClosing, readAnswer, readRemembered } from '../../electron/close-question.ts';
import { readLaunchOptions } from '../../electron/launch-options.ts';
import { CONTENT_SECURITY_POLICY, isPanelAddress, locatePanelFile } from '../../electron/panel-address.ts';
import { DEFAULT_SIZE, placeNear, readSize } from '../../electron/placement.ts';
import { locateSocket, nameHasOwner } from '../../electron/session-bus.ts';
import { watchTrayHost } from '../../electron/tray-host.ts';
import type { TrayAct } from '../../electron/tray-act.ts';
import { ApiError } from '../../supervisor/contract/api.ts';
import { variedSnapshot } from './snapshot-builders.ts';

describe('command line', () => {
  test.each([
    [['upkeep'], false, undefined],
    [['upkeep', '--config', 'a.json'], false, 'a.json'],
    [['upkeep', '--config=a.json'], false, 'a.json'],
    [['upkeep', '--config', 'a.json', '--config', 'b.json'], false, 'b.json'],
    [['upkeep', '--no-sandbox', '--config', 'a.json', '--enable-crashpad'], false, 'a.json'],
    [['electron', '.', '--config', 'a.json'], true, 'a.json'],
    [['electron', '--no-sandbox', '/repo', '--config', 'a.json'], true, 'a.json'],
    [['electron', '--no-sandbox', '/repo'], true, undefined],
  ])('%j (developing: %s) names %s', (argv, developing, configFile) => {
    expect(readLaunchOptions(argv, developing)).toEqual({ configFile, hidden: false });
  });
  test.each([[['upkeep', '--hidden'], false], [['upkeep', '--hidden', '--config', 'a.json'], false], [['electron', '/repo', '--hidden'], true]])('%j (developing: %s) starts without a window', (argv, developing) => {
    expect(readLaunchOptions(argv, developing).hidden).toBe(true);
  });
  test.each([[['upkeep', '--config']], [['upkeep', '--config=']], [['upkeep', '--config', '--no-sandbox']]])('%j is refused', (argv) => {
    expect(() => readLaunchOptions(argv, false)).toThrow(RangeError);
  });
});

describe('addresses of the panel', () => {
  test.each([
    ['app://panel/index.html', '/app/panel/index.html'],
    ['app://panel/main.js?x#y', '/app/panel/main.js'],
    ['app://panel/', null],
    ['app://panel', null],
    ['app://other/index.html', null],
    ['https://panel/index.html', null],
    // The parser resolves plain dots itself, so these stay inside.
    ['app://panel/../../etc/passwd', '/app/panel/etc/passwd'],
    ['app://panel/%2e%2e/%2e%2e/etc/passwd', '/app/panel/etc/passwd'],
    // Encoded slashes it leaves alone.
    ['app://panel/..%2f..%2fetc%2fpasswd', null],
    ['app://panel/..%2fpanel-of-somebody-else/x.html', null],
    ['app://panel/..%5c..%5cetc', null],
    ['app://panel/index.html%00.png', null],
    ['app://panel/%zz', null],
    ['nonsense', null],
  ])('%s is %s', (address, file) => expect(locatePanelFile('/app/panel', address)).toBe(file));

  test.each([
    ['app://panel/main.js', true], ['app://panel.evil/main.js', false], ['app://other/main.js', false], ['http://127.0.0.1/', false],
    ['file:///etc/passwd', false], ['data:text/html,x', false], ['devtools://devtools/x', false],
  ])('a request for %s passes: %s', (address, passes) => expect(isPanelAddress(address)).toBe(passes));

  test('the content policy begins with nothing and allows only what is ours', () => {
    const directives = CONTENT_SECURITY_POLICY.split('; ');
    expect(directives[0]).toBe("default-src 'none'");
    expect(directives.map((directive) => directive.split(' ').slice(1))).toEqual(directives.map(() => [expect.stringMatching(/^'(none|self)'$/) as unknown]));
  });
});

describe('place and size of the panel', () => {
  const size = { width: 900, height: 640 };
  const workArea = { x: 0, y: 24, width: 1440, height: 860 };
  test.each([
    ['above a tray at the bottom', { x: 1200, y: 884, width: 24, height: 16 }, { x: 540, y: 236 }],
    ['below a menu bar', { x: 700, y: 0, width: 24, height: 24 }, { x: 262, y: 32 }],
    ['inside the screen at its left edge', { x: 2, y: 0, width: 24, height: 24 }, { x: 0, y: 32 }],
  ])('%s', (_where, icon, place) => expect(placeNear(icon, size, workArea)).toEqual(place));
  test('nowhere in particular when the system does not say where the icon is', () => {
    expect(placeNear({ x: 0, y: 0, width: 0, height: 0 }, size, workArea)).toBeNull();
  });
  test('a window larger than the screen begins at its edge', () => {
    expect(placeNear({ x: 10, y: 884, width: 24, height: 16 }, { width: 2_000, height: 2_000 }, workArea)).toEqual({ x: 0, y: 24 });
  });
  test.each([
    ['{"width":700,"height":500}', { width: 700, height: 500 }],
    ['{"width":1,"height":1}', { width: 380, height: 400 }],
    ['{"width":700.4,"height":500}', { width: 700, height: 500 }],
    ['', DEFAULT_SIZE], ['null', DEFAULT_SIZE], ['{"width":700}', DEFAULT_SIZE], ['{"width":"700","height":500}', DEFAULT_SIZE],
    ['{"width":1e99,"height":500}', DEFAULT_SIZE], ['{"width":', DEFAULT_SIZE],
  ])('a size kept as %s is %o', (text, expected) => expect(readSize(text)).toEqual(expected));
});

describe('acts from the tray', () => {
  function setUp(answer: unknown) {
    const calls: unknown[] = [];
    const told = vi.fn();
    const shown = vi.fn();
    const quit = vi.fn();
    const opened = vi.fn(async () => {});
    const api = { call: async (...call: unknown[]) => { calls.push(call); if (answer instanceof Error) throw answer; return answer as never; } };
    const run = (act: TrayAct) => runAct(act, { api, input: () => ({ link: { kind: 'hosting' }, snapshot: variedSnapshot() }), openUrl: opened, showPanel: shown, quit, tell: told });
    return { run, calls, told, shown, quit, opened };
  }
  const done = { service: 'web', ok: true, message: 'Restarted.' };

  test.each<[TrayAct, unknown, unknown]>([
    [{ kind: 'restart', service: 'web' }, done, ['restart', { service: 'web' }]],
    [{ kind: 'stop', service: 'web' }, done, ['stop', { service: 'web' }]],
    [{ kind: 'start', service: 'cache' }, done, ['start', { service: 'cache' }]],
    [{ kind: 'resume', service: 'docs' }, [done], ['resume', { service: 'docs' }]],
    [{ kind: 'pause', service: 'web', span: '1h' }, [done], ['pause', { service: 'web', until: expect.stringMatching(/^\d{4}-.*Z$/) as unknown }]],
    [{ kind: 'pause', service: 'web', span: 'until-resumed' }, [done], ['pause', { service: 'web' }]],
    [{ kind: 'pause-all', span: 'until-resumed' }, [done], ['pause', {}]],
    [{ kind: 'heal-failing' }, [done], ['heal', {}]],
    [{ kind: 'resume-all' }, [done], ['resume', {}]],
  ])('%o reaches the supervisor and its outcome is told', async (act, answer, call) => {
    const { run, calls, told } = setUp(answer);
    await run(act);
    expect(calls).toEqual([call]);
    expect(told).toHaveBeenCalledExactlyOnceWith([done]);
  });

  test('an act that makes no sense any more is refused without asking the supervisor', async () => {
    const { run, calls, told } = setUp(done);
    await run({ kind: 'restart', service: 'worker' });
    expect(calls).toEqual([]);
    expect(told).toHaveBeenCalledExactlyOnceWith([{ service: 'worker', ok: false, message: 'Background worker is being restarted already.' }]);
  });
  test('a supervisor that cannot be reached is told as a refusal', async () => {
    const { run, told } = setUp(new ApiError('unavailable', 'Nobody answers.'));
    await run({ kind: 'heal-failing' });
    expect(told).toHaveBeenCalledExactlyOnceWith([{ service: '', ok: false, message: 'Nobody answers.' }]);
  });
  test('open, show, panel and quit are the shell\'s own', async () => {
    const { run, calls, told, shown, quit, opened } = setUp(done);
    await run({ kind: 'open', service: 'web' });
    await run({ kind: 'show', service: 'web' });
    await run({ kind: 'panel' });
    await run({ kind: 'quit' });
    expect(opened).toHaveBeenCalledExactlyOnceWith('web');
    expect(shown.mock.calls).toEqual([['web'], []]);
    expect(quit).toHaveBeenCalledOnce();
    expect([calls, told.mock.calls]).toEqual([[], []]);
  });
});

describe('session bus', () => {
  const folder = mkdtempSync(join(tmpdir(), 'upkeep-bus-'));
  const path = join(folder, 'bus');
  let server: Server | undefined;
  const listen = (onData: (text: string, reply: (text: string) => void) => void) => new Promise<void>((resolve) => {
    server = createServer((socket) => socket.on('data', (data) => onData(String(data), (text) => socket.write(text)))).listen(path, resolve);
  });
  afterEach(async () => {
    await new Promise<void>((resolve) => { if (server === undefined) resolve(); else server.close(() => resolve()); });
    server = undefined;
    rmSync(path, { force: true });
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each([
    ['unix:path=/run/user/1000/bus', '/run/user/1000/bus'],
    ['unix:path=/tmp/dbus-x,guid=00ff', '/tmp/dbus-x'],
    ['unix:guid=00ff,path=/tmp/with%20space', '/tmp/with space'],
    ['tcp:host=localhost;unix:path=/a', '/a'],
    ['unix:abstract=/tmp/dbus-x', null],
    ['', null], [undefined, null],
  ])('the socket of %s is %s', (address, expected) => expect(locateSocket(address)).toBe(expected));

  test('no bus, no answer', async () => {
    expect(await nameHasOwner('org.example.Nobody', `unix:path=${path}`)).toBeNull();
    expect(await nameHasOwner('org.example.Nobody', undefined)).toBeNull();
  });
  test('a bus that refuses us gives no answer', async () => {
    await listen((_text, reply) => reply('REJECTED EXTERNAL\r\n'));
    expect(await nameHasOwner('org.example.Nobody', `unix:path=${path}`)).toBeNull();
  });
  test('a bus that says nothing gives no answer within its time', async () => {
    await listen(() => {});
    expect(await nameHasOwner('org.example.Nobody', `unix:path=${path}`)).toBeNull();
  });
  test.each([
    ['macOS', 'darwin', undefined, 'present'],
    ['no session bus', 'linux', undefined, 'absent'],
    ['a session bus that is said to be none', 'linux', 'disabled:', 'absent'],
    ['a bus that cannot be asked', 'linux', 'unix:path=/nowhere/bus', 'unknown'],
  ] as const)('with %s it is known at once whether there is a tray', async (_what, platform, busAddress, expected) => {
    const onHost = vi.fn();
    const stop = watchTrayHost({ platform, busAddress, waitMs: 60_000, onHost });
    await vi.waitFor(() => expect(onHost).toHaveBeenCalledExactlyOnceWith(expected));
    stop();
  });
});

describe('without a tray', () => {
  test.each([
    [null, { isTold: false, closing: null }],
    ['', { isTold: false, closing: null }],
    ['[]', { isTold: false, closing: null }],
    ['{"isTold":"yes","closing":"explode"}', { isTold: false, closing: null }],
    ['{"isTold":true}', { isTold: true, closing: null }],
    ['{"isTold":true,"closing":"background"}', { isTold: true, closing: 'background' }],
    ['{"closing":"quit"}', { isTold: false, closing: 'quit' }],
  ])('%j is remembered as %o', (text, expected) => expect(readRemembered(text)).toEqual(expected));

  const { buttons, defaultId, cancelId } = askAboutClosing({ kind: 'hosting' });
  test.each([['Keep running', 'background'], ['Quit Upkeep', 'quit'], ['Cancel', 'cancel']])('the button "%s" means %s', (label, answer) => {
    expect(readAnswer(buttons.findIndex((button) => button.replace('&', '') === label))).toBe(answer);
  });
  test('Return keeps running, Escape and a dialog that vanishes cancel', () => {
    expect([readAnswer(defaultId), readAnswer(cancelId), readAnswer(-1)]).toEqual(['background', 'cancel', 'cancel']);
  });
  test('what quitting means depends on who supervises', () => {
    expect(askAboutClosing({ kind: 'hosting' }).detail).toContain('nothing is supervised any more');
    expect(askAboutClosing({ kind: 'attached' }).detail).toContain('supervision goes on');
  });
});
