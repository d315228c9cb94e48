import { describe, expect, it } from 'vitest';
import { type HealProof, healProofSchema } from '../../supervisor/contract/heal-proof.ts';
import { healProofOf } from '../../supervisor/contract/heal-proof-of.ts';
import { bedWith, type Bed } from './bed.ts';

const MINUTE = 60_000;

/** What the ended heals have left behind, oldest first, as the schema wants it. */
const proofs = (bed: Bed): HealProof[] => bed.events.map(healProofOf).filter((proof) => proof !== null).map((proof) => healProofSchema.parse(proof));
const onlyProof = (bed: Bed): HealProof => {
  const [proof, ...more] = proofs(bed);
  expect(more).toEqual([]);
  return proof ?? expect.fail('no heal has ended with a proof');
};
const course = ({ steps }: HealProof): string[] => steps.map(({ step, atMs }) => `${atMs} ${step}`);

describe('the course of a heal, on virtual time', () => {
  it('is there step by step, with its settling times, while it happens and as proof', async () => {
    const bed = bedWith({ web: { heal: { settleAfterStop: '200ms', settleAfterStart: '300ms' } } });
    bed.saveTakesMs = 5;
    await bed.begin();
    await bed.run(MINUTE);
    Object.assign(bed.service('web'), { needsMs: 700, stopTakesMs: 400 });
    bed.service('web').die();
    await bed.run(1);
    expect(bed.shown('web').heal.underWay).toMatchObject({ kind: 'heal', by: 'upkeep', steps: [] });
    await bed.run(404);
    expect(bed.shown('web').heal.underWay?.steps.map(({ step }) => step)).toEqual(['stopping', 'settling-after-stop']);
    await bed.run(201);
    expect(bed.shown('web').heal.underWay?.steps.at(-2)).toEqual({ step: 'starting', at: '2026-01-05T12:01:00.605Z' });
    await bed.run(5_000);
    expect(bed.shown('web').heal).toMatchObject({ underWay: null, last: { by: 'upkeep', result: { kind: 'fixed', tookMs: 1_400 } } });
    expect(onlyProof(bed)).toMatchObject({ by: 'upkeep', manager: 'made-up', symptom: { kind: 'exit', cause: { kind: 'signal', signal: 'SIGKILL' } }, result: { kind: 'fixed', tookMs: 1_400 }, lostMs: 1_405 });
    expect(course(onlyProof(bed))).toEqual(['5 stopping', '405 settling-after-stop', '605 starting', '605 settling-after-start', '905 verifying']);
    expect(onlyProof(bed).verification).toEqual({ rounds: 6, passed: 2 });
    await bed.stop();
  });

  it('has no settling steps where nothing settles', async () => {
    const bed = await bedWith({ web: {} }).begin();
    bed.service('web').die();
    await bed.run(1_000);
    expect(course(onlyProof(bed))).toEqual(['0 stopping', '0 starting', '0 verifying']);
    await bed.stop();
  });

  it('has the start also where stop and start are one act, as soon as the manager knows of it', async () => {
    const bed = await bedWith({ web: { manager: { atOnce: true } } }).begin();
    Object.assign(bed.service('web'), { stopTakesMs: 300, startTakesMs: 400 });
    bed.service('web').die();
    await bed.run(500);
    expect(bed.shown('web').heal.underWay?.steps.map(({ step }) => step)).toEqual(['stopping', 'starting']);
    await bed.run(1_000);
    expect(course(onlyProof(bed))).toEqual(['0 stopping', '300 starting', '700 verifying']);
    await bed.stop();
  });

  it('has the start at the end of the act where the manager tells no more', async () => {
    const bed = await bedWith({ web: { manager: { atOnce: true } } }).begin();
    bed.service('web').stopTakesMs = 300;
    bed.service('web').die();
    await bed.run(1_000);
    expect(course(onlyProof(bed))).toEqual(['0 stopping', '300 starting', '300 verifying']);
    await bed.stop();
  });

  it('of a first start is shown too, and leaves no proof', async () => {
    const bed = bedWith({ web: { manager: { owned: true } } });
    Object.assign(bed.service('web'), { running: false, needsMs: 2_000 });
    await bed.begin();
    await bed.run(1_000);
    expect(bed.shown('web').heal.underWay).toMatchObject({ kind: 'launch', by: 'upkeep' });
    expect(bed.shown('web').heal.underWay?.steps.map(({ step }) => step)).toEqual(['starting', 'verifying']);
    await bed.run(2_000);
    expect(bed.shown('web').heal).toMatchObject({ underWay: null, last: null });
    expect(proofs(bed)).toEqual([]);
    await bed.stop();
  });

  it('ends where a start is refused, and no step is made up', async () => {
    const bed = await bedWith({ web: {} }).begin();
    bed.service('web').refuses = 'needs a password.';
    bed.service('web').die();
    await bed.run(1_000);
    expect(course(onlyProof(bed))).toEqual(['0 stopping', '0 starting']);
    expect(onlyProof(bed)).toMatchObject({ result: { kind: 'refused' }, verification: { rounds: 0, passed: 0 } });
    await bed.stop();
  });

  it('of a heal that could not be recorded has no steps, because nothing was touched', async () => {
    const bed = await bedWith({ web: {} }).begin();
    await bed.run(1_000);
    bed.saveFails = true;
    bed.service('web').die();
    await bed.run(1_000);
    expect(onlyProof(bed)).toMatchObject({ result: { kind: 'refused' }, steps: [] });
    bed.saveFails = false;
    await bed.stop();
  });

  for (const [from, diesAfterMs] of [['the stop', 100], ['the settling after it', 450], ['the start', 605], ['the verifying', 1_100]] as const) {
    it(`that kill -9 interrupts during ${from} ends with a whole proof under the same attempt`, async () => {
      const bed = bedWith({ web: { heal: { settleAfterStop: '200ms', settleAfterStart: '300ms' } } });
      bed.saveTakesMs = 5;
      await bed.begin();
      await bed.run(MINUTE);
      bed.service('web').written?.push('listening', 'out of memory');
      Object.assign(bed.service('web'), { needsMs: 700, stopTakesMs: 400 });
      bed.service('web').die();
      await bed.run(diesAfterMs + 250);
      bed.kill();
      bed.service('web').written?.push('stopping, as told');
      await bed.run(777);
      await bed.begin();
      await bed.run(MINUTE);
      const proof = onlyProof(bed);
      const started = bed.events.find(({ type }) => type === 'heal.started');
      expect(proof).toMatchObject({ attempt: started?.['attempt'], incident: started?.['incident'], result: { kind: 'fixed' }, log: ['listening', 'out of memory'] });
      expect(proof.steps.map(({ step }) => step).at(0)).toBe('stopping');
      expect(proof.steps.map(({ step }) => step).at(-1)).toBe('verifying');
      expect(proof.steps.map(({ atMs }) => atMs)).toEqual(proof.steps.map(({ atMs }) => atMs).toSorted((a, b) => a - b));
      expect(proof.verification.passed).toBeGreaterThan(0);
      await bed.stop();
    });
  }
});

describe('what a service wrote before its heal, on virtual time', () => {
  it('is in the proof: the last 20 lines, each cut at 500 characters, without secrets, and nothing written later', async () => {
    const bed = await bedWith({ web: {} }).begin();
    const web = bed.service('web');
    for (let line = 1; line <= 30; line += 1) web.written?.push(`line ${line}`);
    web.written?.push(`token hunter2 ${'x'.repeat(600)}`);
    web.stopTakesMs = 500;
    web.die();
    await bed.run(100);
    web.written?.push('stopping, as told');
    await bed.run(2_000);
    const { log } = onlyProof(bed);
    expect(log).toHaveLength(20);
    expect(log[0]).toBe('line 12');
    expect(log.at(-1)).toMatch(/^token \*\*\* x+…$/);
    expect(log.at(-1)).toHaveLength(500);
    await bed.stop();
  });

  it('is never waited for, and left out when it comes after the heal or after a second', async () => {
    for (const [needsMs, logTakesMs, log] of [[0, 500, []], [3_000, 900, ['last words']], [3_000, 1_100, []]] as const) {
      const bed = await bedWith({ web: {} }).begin();
      Object.assign(bed.service('web'), { needsMs, logTakesMs, written: ['last words'] });
      bed.service('web').die();
      await bed.run(MINUTE);
      expect(onlyProof(bed)).toMatchObject({ log, result: { kind: 'fixed', tookMs: needsMs + 100 } });
      await bed.stop();
    }
  });

  it('that cannot be read fails nothing', async () => {
    const bed = await bedWith({ web: {} }).begin();
    bed.service('web').written = null;
    bed.service('web').die();
    await bed.run(1_000);
    expect(onlyProof(bed)).toMatchObject({ log: [], result: { kind: 'fixed' } });
    expect(bed.logLines.filter((line) => line.includes('Internal error'))).toEqual([]);
    await bed.stop();
  });

  it('leaves nothing behind when Upkeep stops while it is being read', async () => {
    const bed = await bedWith({ web: {} }).begin();
    Object.assign(bed.service('web'), { needsMs: 5_000, logTakesMs: 10_000 });
    bed.service('web').die();
    await bed.run(100);
    await bed.stop();
  });
});

describe('the log of a service, on virtual time', () => {
  it('is given as many lines as are asked for, 100 unless said otherwise, without secrets', async () => {
    const bed = await bedWith({ web: {} }).begin();
    for (let line = 1; line <= 200; line += 1) bed.service('web').written?.push(`line ${line} of hunter2`);
    expect(bed.shown('web').hasLog).toBe(true);
    expect(await bed.api.call('log', { service: 'web', lines: 2 })).toEqual({ source: 'made-up paper', lines: ['line 199 of ***', 'line 200 of ***'] });
    expect((await bed.api.call('log', { service: 'web' })).lines).toHaveLength(100);
    await bed.stop();
  });

  it('of a service whose manager keeps none, or that has none, is empty and said so', async () => {
    const bed = await bedWith({ web: { manager: { keepsLog: false } }, watched: { manager: null } }).begin();
    for (const service of ['web', 'watched']) {
      expect(bed.shown(service).hasLog).toBe(false);
      expect(await bed.api.call('log', { service })).toEqual({ source: null, lines: [] });
    }
    bed.service('web').die();
    await bed.run(1_000);
    expect(onlyProof(bed).log).toEqual([]);
    await bed.stop();
  });

  it('that may not be read is refused with one sentence', async () => {
    const bed = await bedWith({ web: {} }).begin();
    bed.service('web').written = null;
    await expect(bed.api.call('log', { service: 'web' })).rejects.toMatchObject({ code: 'failed', message: 'Cannot read the log of "web": nobody may read it. (needs-privilege)' });
    await expect(bed.api.call('log', { service: 'wbe' })).rejects.toMatchObject({ code: 'unknown-service' });
    await bed.stop();
  });
});

describe('an incident, on virtual time', () => {
  it('is shown while it lasts and is named by every event from its beginning to the resolved alert', async () => {
    const bed = await bedWith({ web: { heal: { verifyWithin: '3s' } } }).begin();
    bed.service('web').needsMs = Infinity;
    await bed.run(1_000);
    bed.service('web').die();
    await bed.run(5_000);
    const { incident } = bed.shown('web');
    expect(incident).toEqual({ id: expect.stringMatching(/^incident-/) as string, since: '2026-01-05T12:00:01.000Z' });
    bed.service('web').needsMs = 0;
    await bed.run(3 * MINUTE);
    expect(bed.shown('web')).toMatchObject({ status: 'up', incident: null });
    const told = bed.events.filter(({ atMs, service }) => service === 'web' && atMs >= 1_000);
    expect(new Set(told.map(({ type }) => type))).toEqual(new Set([
      'service.down', 'service.up', 'breaker.opened', 'breaker.half-opened', 'breaker.closed', 'heal.started', 'heal.failed', 'heal.held',
      'alert.raised', 'alert.delivered', 'alert.resolved',
    ]));
    expect(told.filter((event) => event['incident'] !== incident?.id)).toEqual([]);
    await bed.stop();
  });

  it('says that restarting does not help once three restarts have not', async () => {
    const bed = await bedWith({ web: { heal: { verifyWithin: '3s', cooldown: '1m' } } }).begin();
    bed.service('web').needsMs = Infinity;
    bed.service('web').die();
    await bed.run(4_000);
    expect(bed.shown('web').reason).toMatch(/^Restarted at 12:00 because it was killed by SIGKILL, but /);
    await bed.run(10 * MINUTE);
    expect(bed.shown('web').reason).toBe('Held: restarting has not helped 3 times; 3 of 3 restarts used in the last hour; next possible at 13:00.');
    expect(bed.reasons('heal.failed')[2]).toMatch(/^Restarting has not helped 3 times; last restarted at 12:0\d because .+, but it did not come back within 3 s: /);
    expect(bed.reasons('heal.held').at(-1)).toMatch(/^Held: restarting has not helped 3 times; /);
    bed.service('web').needsMs = 0;
    await bed.run(5 * MINUTE);
    bed.service('web').needsMs = Infinity;
    bed.service('web').die();
    await bed.run(4_000);
    expect(bed.shown('web').reason).toBe('Held: 3 of 3 restarts used in the last hour; next possible at 13:00.');
    await bed.stop();
  });
});
