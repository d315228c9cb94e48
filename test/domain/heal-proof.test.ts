// What a heal leaves behind, and that everything an incident brings about names it: whatever happens to the machine and in whatever order.
import { describe, expect, test } from 'vitest';
import { healProofSchema } from '../../supervisor/contract/heal-proof.ts';
import { step } from '../../supervisor/domain/service.ts';
import type { ServiceEvent } from '../../supervisor/domain/service-event.ts';
import type { ServiceState } from '../../supervisor/domain/state.ts';
import { buildConfiguration } from '../builders/configuration.ts';
import { whatever } from '../builders/histories.ts';
import { Machine } from '../builders/machine.ts';
import { at, mono } from '../builders/moment.ts';
import { KILLED, ROUNDS } from '../builders/round.ts';
import { buildContext, buildDown, buildIntent, FIXED } from '../builders/service-state.ts';

const service = 'web';

/** The intent after these events, each with its moment. */
function live(begun: ServiceState, ...events: readonly (readonly [number, ServiceEvent])[]): ServiceState {
  return events.reduce((state, [ms, event]) => step(state, event, buildContext({ now: at(ms) })).service, begun);
}
const reaches = (step: 'stopping' | 'starting' | 'verifying', attempt = 'attempt-1'): ServiceEvent => ({ type: 'step-reached', attempt, step });
const round = (state: ServiceState, says: keyof typeof ROUNDS): ServiceEvent => ({ type: 'round-ended', generation: state.generation, ...ROUNDS[says] });

describe('the proof of a heal', () => {
  test('is whole at every end, whatever was remembered', () => {
    whatever((machine) => {
      for (const { type, service: id, facts } of machine.told) {
        if (type !== 'heal.succeeded' && type !== 'heal.failed') continue;
        const proof = healProofSchema.parse(facts);
        expect(proof.manager).toBe(machine.policy(id).manager?.type ?? 'none');
        expect(proof.verification.passed).toBeLessThanOrEqual(proof.verification.rounds);
      }
    });
  });

  test('is told of every heal that began and is not under way, also when a person stops the service meanwhile', () => {
    whatever((machine) => {
      const attempts = (...types: readonly string[]): unknown[] => machine.told.filter(({ type }) => types.includes(type)).map(({ facts }) => facts['attempt']);
      const underWay = Object.values(machine.state.services).flatMap(({ intent }) => (intent?.kind === 'heal' ? [intent.attempt] : []));
      expect([...attempts('heal.succeeded', 'heal.failed'), ...underWay].sort()).toEqual(attempts('heal.started').sort());
    });
    const stopped = step(buildDown({ intent: buildIntent() }), { type: 'stop-asked' }, buildContext());
    expect(stopped.effects.map((effect) => effect.kind === 'event' && effect.type)).toEqual(['heal.failed', 'service.stopped']);
  });

  test('has every step in order with its time from the beginning', () => {
    const begun = buildDown({ intent: buildIntent({ startedMs: mono(1_000) }) });
    const healed = live(begun, [1_000, reaches('stopping')], [1_300, reaches('starting')], [1_400, reaches('verifying')]);
    const { effects } = step(healed, { type: 'act-ended', attempt: 'attempt-1', result: FIXED }, buildContext({ now: at(1_500) }));
    expect(effects).toContainEqual(expect.objectContaining({
      type: 'heal.succeeded', facts: expect.objectContaining({ steps: [{ step: 'stopping', atMs: 0 }, { step: 'starting', atMs: 300 }, { step: 'verifying', atMs: 400 }] }) as unknown,
    }));
  });

  test('has no step twice because it was said twice, and one twice that was taken twice', () => {
    const steps = live(buildDown({ intent: buildIntent() }), [0, reaches('stopping')], [5, reaches('stopping')], [10, reaches('starting')], [20, reaches('verifying')], [900, reaches('starting')]).intent?.steps;
    expect(steps?.map(({ step: name }) => name)).toEqual(['stopping', 'starting', 'verifying', 'starting']);
  });

  test('counts the verifying rounds and those that passed', () => {
    const begun = buildDown({ intent: buildIntent(), breaker: { state: 'half-open', sinceMs: mono(0), successes: 0 } });
    const verifying = live(begun, [0, reaches('verifying')], [1, round(begun, 'fail')], [2, round(begun, 'unclear')], [3, round(begun, 'slow')], [4, round(begun, 'pass')]);
    expect(verifying.intent?.verification).toEqual({ rounds: 4, passed: 2 });
  });

  test('keeps the lines of its own attempt and of no other', () => {
    const begun = buildDown({ intent: buildIntent() });
    const read = (attempt: string): ServiceEvent => ({ type: 'log-read', attempt, lines: ['out of memory'] });
    expect(live(begun, [0, read('attempt-1')]).intent?.log).toEqual(['out of memory']);
    expect(live(begun, [0, read('attempt-0')]).intent?.log).toEqual([]);
  });

  test('of a person\'s restart of what is well belongs to no incident and has no symptom', () => {
    const { told } = new Machine(buildConfiguration()).live({ type: 'round', service, says: 'pass' }, { type: 'restart', service }, { type: 'act-ends', service, result: 'fixed' });
    expect(told.at(-1)).toMatchObject({ type: 'heal.succeeded', facts: { incident: null, symptom: null, by: 'person', manager: 'process' } });
  });

  test('of a restart that broke what was well belongs to the incident it began', () => {
    const machine = new Machine(buildConfiguration()).live({ type: 'round', service, says: 'pass' }, { type: 'restart', service }, { type: 'act-ends', service, result: 'not-fixed' });
    expect(machine.told.find(({ type }) => type === 'heal.failed')?.facts['incident']).toBe(machine.service().incident?.id);
    expect(machine.service().incident).not.toBeNull();
  });
});

describe('an incident', () => {
  const OF_AN_INCIDENT = ['service.down', 'breaker.opened', 'breaker.half-opened', 'breaker.closed', 'heal.held', 'heal.started', 'heal.succeeded', 'heal.failed', 'service.up', 'service.stopped'];

  test('is named by everything that happens while it lasts, and by its end', () => {
    whatever((machine) => {
      for (const { told, before, after } of machine.moments) {
        for (const { type, service: id, facts } of told) {
          const known = [before.services[id]?.incident?.id, after.services[id]?.incident?.id].filter((incident) => incident !== undefined);
          if (OF_AN_INCIDENT.includes(type) && known.length > 0) expect(known, type).toContain(facts['incident']);
          if (known.length === 0) expect(facts['incident'] ?? null, type).toBeNull();
        }
      }
    });
  });

  test('is one from the first symptom to the end, and the next one is another', () => {
    const machine = new Machine(buildConfiguration({ services: [{ heal: { cooldown: { fromMs: 0, toMs: 0 } } }] }));
    machine.live({ type: 'exit', service }, { type: 'act-ends', service, result: 'fixed' }, { type: 'exit', service });
    const named = machine.told.map(({ type, facts }) => `${type} ${String(facts['incident'])}`);
    const [first] = named[0]?.split(' ').slice(1) ?? [];
    expect(named.slice(0, 6)).toEqual(['breaker.opened', 'service.down', 'heal.started', 'heal.succeeded', 'breaker.closed', 'service.up'].map((type) => `${type} ${first ?? ''}`));
    expect(named[6]).not.toBe(`breaker.opened ${first ?? ''}`);
  });

  test('counts restarts that did not help: no refused one, and none of a person', () => {
    const machine = new Machine(buildConfiguration({ services: [{ heal: { cooldown: { fromMs: 0, toMs: 0 }, maxPerHour: 50 } }] }));
    machine.live({ type: 'exit', service }, ...(['not-fixed', 'refused', 'not-fixed', 'interrupted'] as const).map((result) => ({ type: 'act-ends', service, result } as const)));
    expect(machine.service().incident).toMatchObject({ failedHeals: 4, vainHeals: 2 });
    machine.live({ type: 'act-ends', service, result: 'superseded' }, { type: 'restart', service }, { type: 'act-ends', service, result: 'not-fixed' });
    expect(machine.service().incident).toMatchObject({ failedHeals: 5, vainHeals: 2 });
    expect(machine.service().symptom).toEqual({ kind: 'exit', cause: KILLED });
  });
});
