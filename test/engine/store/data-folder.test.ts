import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DataFolderError, locateConfiguration, locateHome, openDataFolder } from '../../../supervisor/store/data-folder.ts';
import { buildProgram } from './child-program.ts';

let folder = '';
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'upkeep-home-')); });
afterEach(() => { rmSync(folder, { recursive: true }); });

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);

describe('the data folder is', () => {
  test.each([
    { title: 'UPKEEP_HOME', env: { UPKEEP_HOME: '/srv/upkeep', XDG_STATE_HOME: '/state', HOME: '/home/ada' }, platform: 'linux', home: '/srv/upkeep' },
    { title: 'a relative UPKEEP_HOME, made absolute', env: { UPKEEP_HOME: 'here' }, platform: 'linux', home: resolve('here') },
    { title: 'not an empty UPKEEP_HOME', env: { UPKEEP_HOME: '', HOME: '/home/ada' }, platform: 'linux', home: '/home/ada/.local/state/upkeep' },
    { title: 'below XDG_STATE_HOME', env: { XDG_STATE_HOME: '/state', HOME: '/home/ada' }, platform: 'linux', home: '/state/upkeep' },
    { title: 'not below a relative XDG_STATE_HOME', env: { XDG_STATE_HOME: 'state', HOME: '/home/ada' }, platform: 'linux', home: '/home/ada/.local/state/upkeep' },
    { title: 'in the home folder', env: { HOME: '/home/ada' }, platform: 'linux', home: '/home/ada/.local/state/upkeep' },
    { title: 'Application Support on macOS', env: { HOME: '/Users/ada', XDG_STATE_HOME: '/state' }, platform: 'darwin', home: '/Users/ada/Library/Application Support/Upkeep' },
  ] as const)('$title', ({ env, platform, home }) => {
    expect(locateHome(env, platform)).toBe(home);
  });
});

describe('the configuration is', () => {
  const env = { HOME: '/home/ada' };
  test('the one that is named, from the current folder', () => {
    expect(locateConfiguration('a/b.json', env, '/work dir', 'linux')).toBe('/work dir/a/b.json');
    expect(locateConfiguration('/etc/b.json', env, '/work dir', 'linux')).toBe('/etc/b.json');
  });
  test('services.json of the current folder when there is one', () => {
    writeFileSync(join(folder, 'services.json'), '{}');
    expect(locateConfiguration(undefined, env, folder, 'linux')).toBe(join(folder, 'services.json'));
  });
  test('else the user\'s', () => {
    expect(locateConfiguration(undefined, env, folder, 'linux')).toBe('/home/ada/.config/upkeep/services.json');
    expect(locateConfiguration(undefined, { ...env, XDG_CONFIG_HOME: '/config' }, folder, 'linux')).toBe('/config/upkeep/services.json');
    expect(locateConfiguration(undefined, env, folder, 'darwin')).toBe('/home/ada/Library/Application Support/Upkeep/services.json');
  });
});

describe('opening the data folder', () => {
  test('makes it and its logs/, for their owner only', () => {
    const home = join(folder, 'a', 'b');
    const paths = openDataFolder(home);
    expect(paths).toEqual({
      state: join(home, 'state.json'), settings: join(home, 'settings.json'), journal: join(home, 'journal.db'), log: join(home, 'upkeep.log'), logs: join(home, 'logs'), socket: join(home, 'upkeep.sock'), lock: join(home, 'upkeep.lock'),
    });
    expect([modeOf(home), modeOf(paths.logs)]).toEqual(['700', '700']);
  });
  test('takes it back from others when it was open to them', () => {
    mkdirSync(join(folder, 'logs'));
    chmodSync(join(folder, 'logs'), 0o755);
    chmodSync(folder, 0o755);
    openDataFolder(folder);
    expect([modeOf(folder), modeOf(join(folder, 'logs'))]).toEqual(['700', '700']);
  });
  test('leaves a folder alone that everybody uses', () => {
    chmodSync(folder, 0o1777);
    expect(() => openDataFolder(folder)).toThrow(`${folder} is shared by all users. Set UPKEEP_HOME to a folder of its own, such as ${join(folder, 'upkeep')}.`);
    expect(modeOf(folder)).toBe('777');
  });
  test('refuses one whose socket would have too long a path, before it makes anything', () => {
    const home = join(folder, 'ä'.repeat(50));
    const bytes = Buffer.byteLength(join(home, 'upkeep.sock'));
    expect(bytes).toBeGreaterThan(107);
    expect(() => openDataFolder(home)).toThrow(`The path ${home}/upkeep.sock is ${bytes} bytes long; the system allows 107 for a socket. Set UPKEEP_HOME to a shorter path.`);
    expect(existsSync(home)).toBe(false);
  });
  test('says what is in the way', () => {
    writeFileSync(join(folder, 'file'), '');
    expect(() => openDataFolder(join(folder, 'file'))).toThrow(DataFolderError);
    expect(() => openDataFolder(join(folder, 'file'))).toThrow(`Cannot use ${join(folder, 'file')} as data folder: a file of that name is in the way. Set UPKEEP_HOME to a folder you may write to.`);
    expect(() => openDataFolder(join(folder, 'file', 'below'))).toThrow('a file of that name is in the way');
  });
  // In a process of its own: what hangs there cannot be ended by a time-out here.
  test('says so at once where no folder can be made, such as below /proc', async () => {
    const program = buildProgram('opens-data-folder');
    try {
      const line = await program.start('/proc/upkeep/home').line(() => true);
      expect(line).toMatch(/^DataFolderError: Cannot use \/proc\/upkeep\/home as data folder: .+\. Set UPKEEP_HOME to a folder you may write to\.$/);
    } finally {
      await program.dispose();
    }
    // Longer than the line is waited for, so that a program that hangs is ended.
  }, 60_000);
});
