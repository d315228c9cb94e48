// Start at login: what the XDG autostart entry says, what one that lies there means, and the same for login items of macOS.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Launch, readEntry, writeEntry } from '../../electron/autostart-entry.ts';
import { launchAtLogin, type Started } from '../../electron/launch-command.ts';
import { autostartEntry, autostartFile, describeLoginItem, loginItem } from '../../electron/start-at-login.ts';

const plain: Launch = { environment: {}, program: '/opt/Upkeep/upkeep', args: ['--hidden'] };
const keyOf = (entry: string, key: string) => entry.split('\n').find((line) => line.startsWith(`${key}=`))?.slice(key.length + 1);

/** Reads Exec as a desktop does: first the escapes of a string, then the quotes, then the field codes. */
function readCommand(exec: string): string[] {
  const text = exec.replace(/\\([sntr\\])/g, (_whole, code: string) => ({ s: ' ', n: '\n', t: '\t', r: '\r' })[code] ?? '\\');
  return [...text.matchAll(/"((?:[^"\\]|\\.)*)"|([^\s"]+)/gs)].map(([, quoted, bare]) => (quoted?.replace(/\\(["`$\\])/g, '$1') ?? bare ?? '').replaceAll('%%', '%'));
}

describe('the entry', () => {
  test.each([
    ['a plain path', '/opt/Upkeep/upkeep', '"/opt/Upkeep/upkeep" "--hidden"'],
    ['a space', '/home/ada/My Apps/Upkeep.AppImage', '"/home/ada/My Apps/Upkeep.AppImage" "--hidden"'],
    ['a percent sign', '/opt/100%/upkeep', '"/opt/100%%/upkeep" "--hidden"'],
    ['a dollar sign', '/opt/$HOME/upkeep', String.raw`"/opt/\\$HOME/upkeep" "--hidden"`],
    ['a backslash', String.raw`/opt/a\b/upkeep`, String.raw`"/opt/a\\\\b/upkeep" "--hidden"`],
    ['double quotes', '/opt/"a"/upkeep', String.raw`"/opt/\\"a\\"/upkeep" "--hidden"`],
    ['single quotes and shell characters', "/opt/it's;&|<>()#~*?/upkeep", `"/opt/it's;&|<>()#~*?/upkeep" "--hidden"`],
    ['a backtick', '/opt/`a`/upkeep', '"/opt/\\\\`a\\\\`/upkeep" "--hidden"'],
    ['a line end', '/opt/a\nExec=b/upkeep', String.raw`"/opt/a\nExec=b/upkeep" "--hidden"`],
  ])('a path with %s is quoted as the rules want, and comes back', (_what, program, exec) => {
    const entry = writeEntry({ ...plain, program });
    expect(keyOf(entry, 'Exec')).toBe(exec);
    expect(readCommand(exec)).toEqual([program, '--hidden']);
    expect(readEntry(entry)).toEqual({ kind: 'ours', program, disabled: false });
  });

  test('variables come before the program', () => {
    expect(readCommand(keyOf(writeEntry({ ...plain, environment: { UPKEEP_HOME: '/data/my upkeep' } }), 'Exec') ?? '')).toEqual(['env', 'UPKEEP_HOME=/data/my upkeep', plain.program, '--hidden']);
  });

  test.each([
    ['nothing', null, { kind: 'absent' }],
    ['an entry of somebody else', '[Desktop Entry]\nType=Application\nExec=/opt/Upkeep/upkeep\n', { kind: 'foreign' }],
    ['something that is no entry', 'hello', { kind: 'foreign' }],
    ['an entry whose mark stands in another group', '[Desktop Entry]\nExec=x\n[X-Other]\nX-Upkeep-Entry=true\n', { kind: 'foreign' }],
    ['ours', writeEntry(plain), { kind: 'ours', program: plain.program, disabled: false }],
    ['ours, hidden', `${writeEntry(plain)}Hidden=true\n`, { kind: 'ours', program: plain.program, disabled: true }],
    ['ours, switched off by GNOME', writeEntry(plain).replace('enabled=true', 'enabled = false'), { kind: 'ours', program: plain.program, disabled: true }],
    ['ours, with a comment that looks like a key', writeEntry(plain).replace('Terminal', '#Hidden=true\nTerminal'), { kind: 'ours', program: plain.program, disabled: false }],
  ] as const)('%s', (_what, text, expected) => expect(readEntry(text)).toEqual(expected));
});

describe('what is started', () => {
  const packaged: Started = { executable: '/opt/Upkeep/upkeep', appFolder: null, appImage: undefined, switches: [], configFile: null, home: undefined };
  test.each<[string, Partial<Started>, string, readonly string[]]>([
    ['an installed app', {}, '/opt/Upkeep/upkeep', ['--hidden']],
    ['an AppImage: the file, not where it was mounted', { executable: '/tmp/.mount_x/upkeep', appImage: '/home/ada/Upkeep.AppImage' }, '/home/ada/Upkeep.AppImage', ['--hidden']],
    ['the repository', { executable: '/x/electron', appFolder: '/repo' }, '/x/electron', ['/repo', '--hidden']],
    ['the repository, from a terminal inside another AppImage', { executable: '/x/electron', appFolder: '/repo', appImage: '/home/ada/Terminal.AppImage' }, '/x/electron', ['/repo', '--hidden']],
    ['what Chromium needs here, and a services.json of its own', { switches: ['--no-sandbox'], configFile: '/srv/services.json' }, '/opt/Upkeep/upkeep', ['--no-sandbox', '--hidden', '--config', '/srv/services.json']],
  ])('%s', (_what, differs, program, args) => {
    expect(launchAtLogin({ ...packaged, ...differs })).toEqual({ environment: {}, program, args });
  });
  test('with the data folder that was chosen', () => {
    expect(launchAtLogin({ ...packaged, home: '/data' }).environment).toEqual({ UPKEEP_HOME: '/data' });
  });
});

describe('on a desktop', () => {
  let folder: string;
  let launch: Launch;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'upkeep login $x%-'));
    launch = { environment: {}, program: join(folder, 'upkeep'), args: ['--hidden'] };
    writeFileSync(launch.program, '#!/bin/sh\nprintf "%s\\n" "$@"\n', { mode: 0o755 });
    file = autostartFile({ XDG_CONFIG_HOME: join(folder, 'config') });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test.each([
    [{ XDG_CONFIG_HOME: '/c', HOME: '/home/ada' }, '/c/autostart/upkeep.desktop'],
    [{ HOME: '/home/ada' }, '/home/ada/.config/autostart/upkeep.desktop'],
    [{ XDG_CONFIG_HOME: '', HOME: '/home/ada' }, '/home/ada/.config/autostart/upkeep.desktop'],
    [{ XDG_CONFIG_HOME: 'relative', HOME: '/home/ada' }, '/home/ada/.config/autostart/upkeep.desktop'],
  ])('%o keeps it in %s', (env, expected) => expect(autostartFile(env)).toBe(expected));

  test('it is off until chosen, and off again without a trace', () => {
    const start = autostartEntry(file, launch);
    expect(start.read()).toEqual({ enabled: false, note: null });
    expect(start.set(true)).toEqual({ enabled: true, note: null });
    expect(statSync(file).isFile()).toBe(true);
    expect(start.set(false)).toEqual({ enabled: false, note: null });
    expect(() => statSync(file)).toThrow('ENOENT');
    expect(start.set(false)).toEqual({ enabled: false, note: null });
  });

  test('the written command starts the program with its arguments', () => {
    autostartEntry(file, { ...launch, args: ['--hidden', '--config', join(folder, 'a b.json')] }).set(true);
    const [program = '', ...args] = readCommand(keyOf(readFileSync(file, 'utf8'), 'Exec') ?? '');
    expect(execFileSync(program, args, { encoding: 'utf8' })).toBe(`--hidden\n--config\n${join(folder, 'a b.json')}\n`);
  });

  test('one that was switched off elsewhere counts as off, says so, and can be switched on', () => {
    const start = autostartEntry(file, launch);
    start.set(true);
    writeFileSync(file, `${readFileSync(file, 'utf8')}Hidden=true\n`);
    expect(start.read()).toEqual({ enabled: false, note: 'It was switched off in the settings of the desktop.' });
    expect(start.set(true)).toEqual({ enabled: true, note: null });
  });

  test('one whose program is gone says so', () => {
    const start = autostartEntry(file, launch);
    start.set(true);
    rmSync(launch.program);
    expect(start.read()).toEqual({ enabled: false, note: `The entry starts ${launch.program}, which is gone. Switch it on again to start this Upkeep.` });
  });

  test('one that starts another Upkeep says which', () => {
    autostartEntry(file, launch).set(true);
    expect(autostartEntry(file, { ...launch, program: '/opt/Upkeep/upkeep' }).read()).toEqual({ enabled: true, note: `It starts ${launch.program}, not the Upkeep that runs now.` });
  });

  test('an entry of somebody else is neither changed nor removed', () => {
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, '[Desktop Entry]\nExec=/usr/bin/upkeep\n');
    const start = autostartEntry(file, launch);
    for (const enabled of [true, false]) expect(() => start.set(enabled)).toThrow('was not written by Upkeep');
    expect(start.read()).toEqual({ enabled: false, note: `${file} was not written by Upkeep, so it is left alone.` });
    expect(readFileSync(file, 'utf8')).toBe('[Desktop Entry]\nExec=/usr/bin/upkeep\n');
  });
});

describe('on macOS', () => {
  test.each([
    [{ openAtLogin: true, status: 'enabled' }, { enabled: true, note: null }],
    [{ openAtLogin: false, status: 'not-registered' }, { enabled: false, note: null }],
    [{ openAtLogin: true, status: 'requires-approval' }, { enabled: false, note: 'Allow Upkeep in System Settings > General > Login Items.' }],
    [{ openAtLogin: true }, { enabled: true, note: null }],
    [{ openAtLogin: false }, { enabled: false, note: null }],
  ])('%o is %o', (settings, expected) => expect(describeLoginItem(settings, true)).toEqual(expected));

  test('choosing it asks the system and says what the system answers', () => {
    let settings = { openAtLogin: false };
    const start = loginItem({ getLoginItemSettings: () => settings, setLoginItemSettings: (wanted) => { settings = wanted; } }, true);
    expect(start.set(true)).toEqual({ enabled: true, note: null });
    expect(settings).toEqual({ openAtLogin: true });
  });

  test('an app that is not installed cannot be a login item', () => {
    const start = loginItem({ getLoginItemSettings: () => ({ openAtLogin: false }), setLoginItemSettings: () => { throw new Error('asked'); } }, false);
    expect(() => start.set(true)).toThrow('Only an installed Upkeep can start at login.');
    expect(start.read()).toEqual({ enabled: false, note: 'Only an installed Upkeep can start at login.' });
  });
});
