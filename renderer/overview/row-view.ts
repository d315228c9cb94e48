// Answers what the row of one service says. Pure: components only lay it out.
import type { ServiceSnapshot, ServiceStatus } from '../../supervisor/contract/snapshot.ts';
import { clockTime, count, latency, span } from '../parts/words.ts';
import { describeResult, sentence } from '../service/causes.ts';

export interface CourseStep { readonly word: string; readonly state: 'done' | 'now' | 'ahead'; readonly took: string | null }
/** What stands below the name. `failed` stays until it is dismissed or over; `key` is what a dismissal is remembered by. */
export type Below =
  | { readonly kind: 'reason'; readonly text: string }
  | { readonly kind: 'course'; readonly steps: readonly CourseStep[] }
  | { readonly kind: 'done'; readonly text: string }
  | { readonly kind: 'failed'; readonly text: string; readonly key: string };

export interface RowView {
  readonly mark: ServiceStatus;
  readonly word: string;
  /** null: closed, nothing to say. */
  readonly breaker: { readonly text: string; /** Where there is room for it. */ readonly more: string } | null;
  readonly below: Below;
  /** "12 ms"; "–": it does not answer, or is not measured. */
  readonly latency: string;
  readonly act: { readonly kind: 'restart' | 'start' | 'check' | 'resume'; readonly word: string };
}

/** How long a restart that worked is told with its time, before the reason says it. */
const DONE_SHOWN_MS = 20_000;
/** A refusal of an act on a service that is up. */
const REFUSAL_SHOWN_MS = 10 * 60_000;

const WORDS: Readonly<Record<ServiceStatus, string>> = {
  up: 'up', degraded: 'degraded', down: 'down', healing: 'restarting', unknown: 'unknown', paused: 'paused', stopped: 'stopped',
};

export function describeRow(service: ServiceSnapshot, nowMs: number, dismissed: ReadonlySet<string>): RowView {
  const { status, breaker, manager, heal } = service;
  return {
    mark: status,
    word: heal.underWay?.kind === 'launch' ? 'starting' : WORDS[status],
    breaker: describeBreaker(breaker, nowMs),
    below: describeBelow(service, nowMs, dismissed),
    latency: currentLatency(service),
    act: manager === null ? { kind: 'check', word: 'Check' } : status === 'stopped' ? { kind: 'start', word: 'Start' } : service.paused ? { kind: 'resume', word: 'Resume' } : { kind: 'restart', word: 'Restart' },
  };
}

function describeBreaker({ state, openUntil }: ServiceSnapshot['breaker'], nowMs: number): RowView['breaker'] {
  switch (state) {
    case 'closed': return null;
    case 'open': return { text: 'breaker open', more: openUntil === null ? '' : ` until ${clockTime(openUntil, nowMs)}` };
    case 'half-open': return { text: 'breaker half-open', more: ', trying' };
  }
}

/** That of the slowest check, as in the charts. */
export function latencyOf({ checks, status }: Pick<ServiceSnapshot, 'checks' | 'status'>): number | null {
  if (status === 'down' || status === 'stopped') return null;
  return checks.reduce<number | null>((most, { latencyMs }) => (latencyMs === null ? most : Math.max(most ?? 0, latencyMs)), null);
}
const currentLatency = (service: ServiceSnapshot): string => {
  const ms = latencyOf(service);
  return ms === null ? '–' : latency(ms);
};

/** What a failed restart is remembered by once it is dismissed. */
const failureKey = ({ id, heal: { last } }: ServiceSnapshot): string => `${id} ${last?.at ?? ''}`;

function describeBelow(service: ServiceSnapshot, nowMs: number, dismissed: ReadonlySet<string>): Below {
  const { heal: { underWay, last }, reason, status } = service;
  if (underWay !== null) return { kind: 'course', steps: describeSteps(underWay) };
  const sinceLastMs = last === null ? Infinity : nowMs - Date.parse(last.at);
  if (last?.result.kind === 'fixed' && status === 'up' && sinceLastMs < DONE_SHOWN_MS) return { kind: 'done', text: `Restarted, up in ${span(last.result.tookMs)}.` };
  const failure = describeFailure(service, sinceLastMs, nowMs);
  const key = failureKey(service);
  return failure === null || dismissed.has(key) ? { kind: 'reason', text: reason } : { kind: 'failed', text: failure, key };
}

function describeFailure({ why, heal: { last, nextAllowedAt }, status, reason }: ServiceSnapshot, sinceLastMs: number, nowMs: number): string | null {
  if (last === null || last.result.kind === 'fixed' || last.result.kind === 'superseded') return why.code === 'heal-failed' ? reason : null;
  const isStill = status === 'down' || (last.result.kind === 'refused' && last.by === 'person' && status !== 'stopped' && sinceLastMs < REFUSAL_SHOWN_MS);
  if (!isStill) return null;
  const next = nextAllowedAt !== null && Date.parse(nextAllowedAt) > nowMs ? `Next try ${clockTime(nextAllowedAt, nowMs)}. ` : '';
  const what = last.result.kind === 'refused' ? 'Could not restart' : 'The restart failed';
  return `${next}${sentence(`${what} at ${clockTime(last.at, nowMs)}: ${describeResult(last.result)}`)}`;
}

type Phase = 'stopping' | 'starting' | 'verifying';
const PHASES: readonly Phase[] = ['stopping', 'starting', 'verifying'];
const DONE_WORDS: Readonly<Record<Phase, string>> = { stopping: 'stopped', starting: 'started', verifying: 'verified' };

/** The course as three phases: settling belongs to what it settles. */
export function describeSteps({ kind, startedAt, steps }: NonNullable<ServiceSnapshot['heal']['underWay']>): readonly CourseStep[] {
  const began = new Map<Phase, number>();
  for (const { step, at } of steps) {
    const phase = step === 'settling-after-stop' ? 'stopping' : step === 'settling-after-start' ? 'starting' : step;
    if (!began.has(phase)) began.set(phase, Date.parse(at));
  }
  const expected = PHASES.filter((phase) => began.has(phase) || phase !== 'stopping' || (kind === 'heal' && steps.length === 0));
  if (began.size === 0 && expected[0] !== undefined) began.set(expected[0], Date.parse(startedAt));
  const reached = expected.findLastIndex((phase) => began.has(phase));
  return expected.map((phase, index) => {
    const next = expected[index + 1];
    const [from, to] = [began.get(phase), next === undefined ? undefined : began.get(next)];
    if (index > reached) return { word: phase, state: 'ahead', took: null };
    return index === reached ? { word: phase, state: 'now', took: null } : { word: DONE_WORDS[phase], state: 'done', took: from === undefined || to === undefined ? null : span(Math.max(0, to - from)) };
  });
}

/** What a group's heading says beside its name: "all up", "1 down, 2 paused". */
export function summarizeGroup(services: readonly Pick<ServiceSnapshot, 'status'>[], order: readonly ServiceStatus[]): string {
  const parts = order.filter((status) => status !== 'up').map((status) => ({ status, number: services.filter((service) => service.status === status).length })).filter(({ number }) => number > 0);
  return parts.length === 0 ? (services.length === 1 ? 'up' : `all ${count(services.length, 'service')} up`) : parts.map(({ status, number }) => `${number} ${WORDS[status]}`).join(', ');
}
