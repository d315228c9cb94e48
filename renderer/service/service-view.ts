// Answers what the page of a service says about how it stands now. Pure: signals and clicks are elsewhere.
import type { AlertSnapshot, CheckResult, ServiceSnapshot, ServiceStatus } from '../../supervisor/contract/snapshot.ts';
import { clockTime, count, exactTime, latency, timeView, type TimeView } from '../parts/words.ts';
import { hashOf } from '../route.ts';
import { checkName } from './causes.ts';
import { type CourseView, describeCourse } from './course-view.ts';
import { momentAhead, momentOf } from './moments.ts';
import { describeNext } from './next-view.ts';

export interface CheckView {
  readonly key: string;
  readonly label: string;
  readonly mark: 'pass' | 'fail' | 'open';
  readonly word: string;
  readonly latency: string;
  /** null: it has not run yet. */
  readonly at: TimeView | null;
  readonly evidence: string | null;
}
export interface FactView { readonly label: string; readonly value: string; readonly note: string | null }
export interface ActsView { readonly main: 'restart' | 'start' | 'check'; readonly canStop: boolean; readonly canRestart: boolean; readonly canResume: boolean; readonly canOpen: boolean }
export interface ServicePage {
  readonly name: string;
  readonly mark: ServiceStatus;
  readonly word: string;
  /** "since 14:14:50", and how long ago that is. */
  readonly since: { readonly text: string; readonly exact: string; readonly ago: string } | null;
  readonly reason: string;
  readonly next: readonly string[];
  readonly course: CourseView;
  readonly checks: readonly CheckView[];
  readonly facts: readonly FactView[];
  readonly alerts: readonly { readonly key: string; readonly text: string; readonly since: TimeView }[];
  /** Address of the incident under way. */
  readonly incident: string | null;
  readonly acts: ActsView;
}

const WORDS: Readonly<Record<ServiceStatus, string>> = {
  up: 'Up', degraded: 'Degraded', down: 'Down', healing: 'Being restarted', unknown: 'Not known', paused: 'Paused', stopped: 'Stopped',
};

export function describeServicePage(service: ServiceSnapshot, alerts: readonly AlertSnapshot[], nowMs: number): ServicePage {
  const { name, status, since, reason, heal, checks } = service;
  return {
    name, mark: status, word: WORDS[status], reason,
    since: since === null ? null : { text: `since ${momentOf(since, nowMs)}`, exact: exactTime(since), ago: timeView(since, nowMs).text },
    next: describeNext(service, nowMs),
    course: describeCourse(heal, nowMs),
    checks: checks.map((check, index) => describeCheck(check, index, nowMs)),
    facts: [
      { label: 'Breaker', ...describeBreaker(service, nowMs) },
      { label: 'Restarts', ...describeBudget(service, nowMs) },
      { label: 'Managed by', value: service.manager ?? 'nobody', note: service.manager === null ? 'Upkeep only watches it' : null },
      { label: 'If it fails', value: `${service.severity} alert`, note: null },
    ],
    alerts: alerts.filter((alert) => alert.service === service.id).map((alert) => ({ key: alert.id, text: describeAlert(alert, nowMs), since: timeView(alert.since, nowMs) })),
    incident: service.incident === null ? null : hashOf({ screen: 'incident', incident: service.incident.id }),
    acts: describeActs(service),
  };
}

function describeActs({ manager, status, heal, paused, url }: ServiceSnapshot): ActsView {
  const isStopped = status === 'stopped';
  return {
    main: manager === null ? 'check' : isStopped ? 'start' : 'restart',
    canStop: manager !== null && !isStopped, canRestart: heal.underWay === null, canResume: paused, canOpen: url !== null,
  };
}

function describeCheck(check: CheckResult, index: number, nowMs: number): CheckView {
  const { type, target, ok, latencyMs, error, at } = check;
  const label = checkName({ check: type, target });
  const mark = ok === null ? 'open' : ok ? 'pass' : 'fail';
  const word = at === null ? 'not checked yet' : ok === null ? 'could not run' : ok ? 'passes' : 'fails';
  return { key: `${index} ${label}`, label, mark, word, latency: latencyMs === null ? '–' : latency(latencyMs), at: at === null ? null : timeView(at, nowMs), evidence: error };
}

/** What the breaker waits for, in words. */
export function describeBreaker({ breaker, why }: Pick<ServiceSnapshot, 'breaker' | 'why'>, nowMs: number): Omit<FactView, 'label'> {
  const { state, failures, successes, openUntil } = breaker;
  switch (state) {
    case 'closed': return { value: 'Closed', note: failures === 0 ? null : `${count(failures, 'failed round')} in a row` };
    case 'open': return { value: openUntil === null ? 'Open' : `Open, next trial ${momentOf(openUntil, nowMs)}`, note: `${count(failures, 'failed round')} in a row` };
    case 'half-open': {
      const tried = why.code === 'recovering' ? `${successes} of ${count(why.threshold, 'pass', 'passes')}` : successes === 0 ? 'no pass yet' : `${count(successes, 'pass', 'passes')} so far`;
      return { value: `Trying: ${tried}`, note: null };
    }
  }
}

/** How many automatic restarts are left, and when the next may begin. */
export function describeBudget({ manager, heal }: Pick<ServiceSnapshot, 'manager' | 'heal'>, nowMs: number): Omit<FactView, 'label'> {
  const { auto, inLastHour, maxPerHour, nextAllowedAt, resetsAt } = heal;
  if (manager === null) return { value: 'Watch only', note: null };
  if (!auto) return { value: 'Only by hand', note: inLastHour === 0 ? null : `${inLastHour} in the last hour` };
  if (maxPerHour === 0) return { value: 'Only by hand', note: 'none per hour allowed' };
  const resets = resetsAt === null ? '' : `, resets ${clockTime(resetsAt, nowMs)}`;
  const left = Math.max(0, maxPerHour - inLastHour);
  const isWaiting = left > 0 && nextAllowedAt !== null && Date.parse(nextAllowedAt) > nowMs;
  return { value: `${left} of ${maxPerHour} restarts left${resets}`, note: isWaiting ? `cooldown: next one possible ${momentAhead(nextAllowedAt, nowMs)}` : null };
}

function describeAlert({ level, deliveries, acknowledgedAt, snoozed }: AlertSnapshot, nowMs: number): string {
  const told = deliveries.map(({ channel, state, attempts, error, nextTryAt }) => {
    switch (state) {
      case 'sent': return `${channel} was told`;
      case 'pending': return attempts === 0 ? `${channel} is being told` : `${channel} could not be told${error === null ? '' : ` (${error})`}${nextTryAt === null ? '' : `, next try ${momentOf(nextTryAt, nowMs)}`}`;
      case 'waiting': return `${channel} waits${nextTryAt === null ? '' : ` until ${momentOf(nextTryAt, nowMs)}`} (quiet hours)`;
      case 'suppressed': return `${channel} is not told (your settings)`;
      case 'unavailable': return `${channel} is not there`;
    }
  });
  const known = acknowledgedAt !== null ? ['acknowledged'] : snoozed !== null ? [snoozed.until === null ? 'snoozed until it recovers' : `snoozed until ${momentOf(snoozed.until, nowMs)}`] : [];
  return `${level.charAt(0).toUpperCase()}${level.slice(1)} alert: ${[...known, ...(told.length === 0 ? ['no channel is set up for it'] : told)].join('; ')}`;
}
