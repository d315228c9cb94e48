// A state of the supervisor with everything in it that can be in one.
import type { MonoMs, Symptom, WallMs } from '../../supervisor/contract/reason.ts';
import { newService, type ServiceState, type SupervisorState } from '../../supervisor/domain/state.ts';

const mono = (ms: number): MonoMs => ms as MonoMs;
const wall = (ms: number): WallMs => ms as WallMs;
const symptom: Symptom = { kind: 'check', check: 'http', target: 'http://127.0.0.1:4101/health', evidence: 'answered 500, expected 200-299' };

function buildService(generation: number): ServiceState {
  return {
    ...newService(),
    breaker: { state: 'open', sinceMs: mono(1_000), untilMs: mono(61_000) },
    verdict: 'down', verdictSinceMs: mono(1_000), failedRounds: 5, symptom, generation: Math.floor(generation),
    checks: [{ type: 'http', target: 'http://127.0.0.1:4101/health', ok: false, latencyMs: 12, error: 'answered 500, expected 200-299', atMs: mono(1_000) }],
    pause: { untilWallMs: wall(2_000) }, healTimes: [mono(500), mono(900)], cooldownMs: 20_000,
    intent: {
      attempt: 'a1', kind: 'heal', by: 'upkeep', step: 'verifying', startedMs: mono(1_100), symptom, downSinceMs: mono(900),
      steps: [{ step: 'stopping', atMs: mono(1_101) }, { step: 'starting', atMs: mono(1_150) }, { step: 'verifying', atMs: mono(1_160) }],
      verification: { rounds: 2, passed: 1 }, log: ['listening on 4101', 'out of memory'],
    },
    lastHeal: { attempt: 'a0', by: 'person', startedMs: mono(500), endedMs: mono(600), symptom: { kind: 'exit', cause: { kind: 'signal', signal: 'SIGKILL' } }, result: { kind: 'fixed', tookMs: 100 } },
    incident: { id: 'i1', sinceMs: mono(900), failedHeals: 1, vainHeals: 1 }, toldHold: 'cooldown',
  };
}

/** `generation` tells states apart: the supervision clock stands at it. */
export function buildState({ generation = 1, services = 2 }: { generation?: number; services?: number } = {}): SupervisorState {
  return {
    version: 1,
    clock: { mono: mono(generation), wall: wall(1_795_000_000_000) },
    pause: { untilWallMs: null },
    healTimes: [mono(500), mono(900)],
    services: Object.fromEntries(Array.from({ length: services }, (_, index) => [`service-${index}`, buildService(generation)])),
    alerts: [{
      id: 'n1', service: 'service-0', level: 'critical', sinceMs: mono(900), announcedMs: mono(950), incident: 'i1', title: 'Service is down', message: 'It answers 500.', phase: 'active',
      ended: null, acknowledgedMs: mono(960), snooze: { untilWallMs: wall(3_000) },
      deliveries: [{ channel: 'desktop', notice: 'raised', state: 'sent', attempts: 1, nextTryMs: mono(950), error: null, told: true, missed: false }],
    }],
    managers: { 'service-0': { pid: 4711, startedAt: '12345' } },
  };
}
