// settings.json on a real disk: what comes back, what is refused, and what is kept.
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DEFAULT_SETTINGS, type Settings } from '../../../supervisor/contract/settings.ts';
import { openSettingsFile } from '../../../supervisor/store/settings-file.ts';

const SET: Settings = { theme: 'dark', notifications: { level: 'critical', quietHours: { from: '22:00', to: '07:30', exceptCritical: true } } };
let folder = '';
let file = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'upkeep-settings-'));
  file = join(folder, 'settings.json');
});
afterEach(async () => { await rm(folder, { recursive: true }); });

describe('settings', () => {
  test('are the defaults before the first save', async () => {
    expect(await openSettingsFile(file).load()).toEqual({ settings: DEFAULT_SETTINGS, setAside: null, why: null });
  });

  test('come back as they were saved, readable by their owner only, with no other file beside', async () => {
    await openSettingsFile(file).save(SET);
    expect(await openSettingsFile(file).load()).toEqual({ settings: SET, setAside: null, why: null });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['settings.json']);
  });

  test('half written by a crash are cleared away by the next load', async () => {
    await openSettingsFile(file).save(SET);
    await writeFile(`${file}.tmp`, '{"theme":');
    expect((await openSettingsFile(file).load()).settings).toEqual(SET);
    expect(await readdir(folder)).toEqual(['settings.json']);
  });

  test('that cannot be written leave the old ones whole', async () => {
    const store = openSettingsFile(file);
    await store.save(SET);
    // A folder in the place of the temporary file makes every user's write fail, root's too.
    await mkdir(`${file}.tmp`);
    await expect(store.save(DEFAULT_SETTINGS)).rejects.toMatchObject({ code: 'EISDIR' });
    await rm(`${file}.tmp`, { recursive: true });
    expect((await store.load()).settings).toEqual(SET);
  });

  test('that cannot be read keep nobody from supervising: the defaults hold, and what was there is kept', async () => {
    await mkdir(file);
    await chmod(file, 0o700);
    const { settings, setAside, why } = await openSettingsFile(file).load();
    expect({ settings, why }).toEqual({ settings: DEFAULT_SETTINGS, why: 'it cannot be read (EISDIR)' });
    expect(await readdir(folder)).toEqual([setAside]);
  });
});

describe('a file that cannot be used is set aside under a name that says so, and the defaults hold', () => {
  const good = JSON.stringify(SET);
  test.each([
    { title: 'cut off', content: good.slice(0, -5), why: 'it is not JSON' },
    { title: 'empty', content: ' ', why: 'it is empty' },
    { title: 'something else', content: '[]', why: 'its content is not as expected' },
    { title: 'with a theme that there is not', content: good.replace('dark', 'pink'), why: '"theme" in it is not as expected' },
    { title: 'with a time that there is not', content: good.replace('22:00', '24:00'), why: '"notifications.quietHours.from" in it is not as expected' },
    { title: 'with quiet hours that last for ever', content: good.replace('22:00', '07:30'), why: '"notifications.quietHours" in it is not as expected' },
    { title: 'without a key', content: good.replace('"theme":"dark",', ''), why: '"theme" in it is not as expected' },
  ])('$title', async ({ content, why }) => {
    await writeFile(file, content);
    const loaded = await openSettingsFile(file).load();
    expect(loaded).toEqual({ settings: DEFAULT_SETTINGS, setAside: expect.stringMatching(/^settings\.json\.corrupt-\d{4}-\d\d-\d\dT\d{6}\.\d{3}Z$/) as string, why });
    expect(await readFile(join(folder, loaded.setAside ?? ''), 'utf8')).toBe(content);
    expect(await readdir(folder)).toHaveLength(1);
  });
});
