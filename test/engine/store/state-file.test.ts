import { randomInt } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openStateFile, readStateFile } from '../../../supervisor/store/state-file.ts';
import { buildState } from '../../fakes/supervisor-state.ts';
import { buildProgram } from './child-program.ts';

let folder = '';
let file = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'upkeep-state-'));
  file = join(folder, 'state.json');
});
afterEach(async () => { await rm(folder, { recursive: true }); });

const writtenGeneration = async (): Promise<number> => (await readStateFile(file)).state?.clock.mono ?? expect.fail('no state');

describe('a state', () => {
  test('is null before the first save', async () => {
    expect(await openStateFile(file).load()).toEqual({ state: null, setAside: null, why: null });
  });

  test('comes back as it was saved, under NODE_ENV=test like anywhere else', async () => {
    expect(process.env['NODE_ENV']).toBe('test');
    const state = buildState({ services: 3 });
    await openStateFile(file).save(state);
    expect(await openStateFile(file).load()).toEqual({ state, setAside: null, why: null });
  });

  test('is readable by its owner only and leaves no other file behind', async () => {
    await openStateFile(file).save(buildState());
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['state.json']);
  });

  test('is not changed when what was loaded is looked at by somebody else', async () => {
    await openStateFile(file).save(buildState());
    await writeFile(`${file}.tmp`, 'half');
    await readStateFile(file);
    expect(await readdir(folder)).toEqual(['state.json', 'state.json.tmp']);
  });

  test('half written by a crash is cleared away by the next load', async () => {
    await openStateFile(file).save(buildState({ generation: 7 }));
    await writeFile(`${file}.tmp`, '{"version":1,');
    expect((await openStateFile(file).load()).state?.clock.mono).toBe(7);
    expect(await readdir(folder)).toEqual(['state.json']);
  });
});

describe('saves', () => {
  test('whatever comes at once, each resolves when its state or a newer one is on disk, and the last one stays', async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.boolean(), { minLength: 1, maxLength: 12 }), async (waits) => {
      const store = openStateFile(file);
      const saves: Promise<void>[] = [];
      for (const [index, wait] of waits.entries()) {
        const save = store.save(buildState({ generation: index })).then(async () => { expect(await writtenGeneration()).toBeGreaterThanOrEqual(index); });
        saves.push(save);
        if (wait) await save;
      }
      await Promise.all(saves);
      expect(await writtenGeneration()).toBe(waits.length - 1);
    }), { numRuns: 25 });
  });

  test('a hundred at once cause two writes, not a hundred', async () => {
    const store = openStateFile(file);
    const promises = Array.from({ length: 100 }, (_, generation) => store.save(buildState({ generation })));
    expect(new Set(promises).size).toBeLessThanOrEqual(2);
    await Promise.all(promises);
    expect(await writtenGeneration()).toBe(99);
  });

  test('one that fails is rejected, the old file stays whole and the next one tries again', async () => {
    const store = openStateFile(file);
    await store.save(buildState({ generation: 1 }));
    // A folder in the place of the temporary file makes every user's write fail, root's too.
    await mkdir(`${file}.tmp`);
    await expect(store.save(buildState({ generation: 2 }))).rejects.toMatchObject({ code: 'EISDIR' });
    expect(await writtenGeneration()).toBe(1);
    await rm(`${file}.tmp`, { recursive: true });
    await store.save(buildState({ generation: 3 }));
    expect(await writtenGeneration()).toBe(3);
  });
});

describe('a file that cannot be used is set aside under a name that says so', () => {
  const good = JSON.stringify(buildState());
  test.each([
    { title: 'cut off', content: good.slice(0, -20), why: 'it is not JSON' },
    { title: 'empty', content: '', why: 'it is empty' },
    { title: 'full of zeros', content: '\0'.repeat(100), why: 'it is not JSON' },
    { title: 'something else', content: '[]', why: 'its content is not as expected' },
    { title: 'a newer version', content: good.replace('"version":1', '"version":2'), why: 'it was written by a newer Upkeep (version 2 of the format, this one knows 1)' },
    { title: 'without a version', content: good.replace('"version":1,', ''), why: '"version" in it is not as expected' },
    { title: 'with a text for a time', content: good.replace('"untilMs":61000', '"untilMs":"61000"'), why: '"services.service-0.breaker.untilMs" in it is not as expected' },
    { title: 'with a breaker that cannot be', content: good.replace('"state":"open"', '"state":"ajar"'), why: '"services.service-0.breaker.state" in it is not as expected' },
    { title: 'without a key', content: good.replace('"stopped":false,', ''), why: '"services.service-0.stopped" in it is not as expected' },
  ])('$title', async ({ content, why }) => {
    await writeFile(file, content);
    const store = openStateFile(file);
    const loaded = await store.load();
    expect(loaded).toEqual({ state: null, setAside: expect.stringMatching(/^state\.json\.corrupt-\d{4}-\d\d-\d\dT\d{6}\.\d{3}Z$/) as string, why });
    expect(await readFile(join(folder, loaded.setAside ?? ''), 'utf8')).toBe(content);
    expect(await store.load()).toEqual({ state: null, setAside: null, why: null });
    await store.save(buildState());
    expect(await readdir(folder)).toHaveLength(2);
  });

  test('but not one with a key more', async () => {
    await writeFile(file, good.replace('"version":1', '"version":1,"later":true'));
    expect((await openStateFile(file).load()).state).toEqual(buildState());
  });
  test('but not one of 0.1, which knows no answers of people to alerts', async () => {
    const { alerts, ...rest } = buildState();
    const older = alerts.map(({ ended: _ended, acknowledgedMs: _acknowledged, snooze: _snooze, deliveries, ...alert }) =>
      ({ ...alert, deliveries: deliveries.map(({ missed: _missed, ...delivery }) => delivery) }));
    await writeFile(file, JSON.stringify({ ...rest, alerts: older }));
    expect((await openStateFile(file).load()).state?.alerts).toEqual(alerts.map((alert) => ({ ...alert, ended: null, acknowledgedMs: null, snooze: null })));
  });
  test('but not one of 0.1, which knows no course of a heal, also in the middle of one', async () => {
    const expected = buildState({ services: 1 });
    const [[id = '', service] = []] = Object.entries(expected.services);
    if (service?.intent == null || service.incident === null) return expect.fail('the state has no heal under way');
    const { steps: _steps, verification: _verification, log: _log, ...intent } = service.intent;
    const { vainHeals: _vain, ...incident } = service.incident;
    const alerts = expected.alerts.map(({ incident: _incident, ...alert }) => alert);
    await writeFile(file, JSON.stringify({ ...expected, alerts, services: { [id]: { ...service, intent, incident } } }));
    const { state, setAside } = await openStateFile(file).load();
    expect(setAside).toBeNull();
    expect(state?.services[id]).toEqual({ ...service, intent: { ...intent, steps: [], verification: { rounds: 0, passed: 0 }, log: [] }, incident: { ...incident, vainHeals: 0 } });
    expect(state?.alerts[0]?.incident).toBeNull();
  });
  test('but not one that may not be read', async () => {
    await mkdir(file);
    await chmod(file, 0o700);
    await expect(openStateFile(file).load()).rejects.toMatchObject({ code: 'EISDIR' });
  });
});

describe('kill -9', () => {
  const program = buildProgram('saves-without-end');
  afterAll(() => program.dispose());

  test('at any moment of a save loses nothing that was called saved', async () => {
    let generation = 0;
    for (let round = 0; round < 10; round += 1) {
      const saving = program.start(file, String(generation));
      // So many saves, then a moment within the next one.
      const enough = randomInt(1, 6);
      await saving.line((line) => Number(line) >= generation + enough - 1);
      for (let moment = randomInt(2_000); moment > 0; moment -= 1) await new Promise((resolve) => { setImmediate(resolve); });
      await saving.kill();
      const saved = Number(saving.lines.at(-1));
      const loaded = await openStateFile(file).load();
      expect(loaded).toMatchObject({ setAside: null });
      expect(loaded.state?.clock.mono).toBeGreaterThanOrEqual(saved + 0.5);
      expect(Object.keys(loaded.state?.services ?? {})).toHaveLength(20);
      expect(await readdir(folder)).toEqual(['state.json']);
      generation = saved + 1;
    }
  });
});
