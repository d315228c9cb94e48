// Answers, in one sentence, whether everything on this machine is all right: what is not, what was done about it, what comes next and when.
// Pure; tested as a table.
import type { ServiceSnapshot, ServiceStatus, Snapshot } from '../../supervisor/contract/snapshot.ts';
import type { LinkState } from '../bridge.ts';
import type { Mark } from '../parts/mark.tsx';
import { clockTime } from '../parts/words.ts';
import { checkName, describeExit, sentence } from '../service/causes.ts';
import { WORST_FIRST } from '../../supervisor/contract/service-status.ts';

export interface HeadlineView {
  readonly mark: Mark;
  readonly sentence: string;
  readonly detail: string;
  /** What the sentence counts without naming it, the first few; empty: it names it itself, or all is well. */
  readonly concerned: readonly { readonly id: string; readonly name: string }[];
  /** How many more there are. */
  readonly more: number;
}
export interface HeadlineInput { readonly link: LinkState; readonly snapshot: Snapshot; readonly nowMs: number }

const NAMED = 4;
const PREDICATES: Readonly<Record<ServiceStatus, string>> = {
  up: 'up', degraded: 'degraded', down: 'down', healing: 'being restarted', unknown: 'not known yet', paused: 'paused', stopped: 'stopped',
};
/** What a person did or what needs nobody: it does not disturb the calm. */
const QUIET: ReadonlySet<ServiceStatus> = new Set(['up', 'unknown', 'paused', 'stopped']);

export function describeHeadline({ link, snapshot, nowMs }: HeadlineInput): HeadlineView {
  const { services, pausedUntil } = snapshot;
  const plain = (mark: Mark, sentence: string, detail: string): HeadlineView => ({ mark, sentence, detail, concerned: [], more: 0 });
  const standstill = describeStandstill(link);
  if (standstill !== null) return plain('off', standstill.sentence, `${standstill.detail} What follows was known at ${clockTime(snapshot.at, nowMs)}.`.trim());
  if (services.length === 0) return plain('off', 'There is nothing to look after yet', 'Services are named in services.json.');
  if (snapshot.paused) return plain('paused', `Everything is paused ${pausedUntil === null ? 'until you resume' : `until ${clockTime(pausedUntil, nowMs)}`}`, 'Nothing is restarted and nobody is told meanwhile.');
  const worst = WORST_FIRST.find((status) => services.some((service) => service.status === status)) ?? 'unknown';
  const concerned = services.filter(({ status }) => status === worst);
  const [only] = concerned;
  if (QUIET.has(worst) || only === undefined) return describeCalm(services, nowMs);
  const besides = describeBesides(services, worst);
  if (concerned.length === 1) {
    return plain(worst, `${only.name} ${describeOne(only, nowMs)}`, [describeEvidence(only, nowMs), besides].filter((part) => part !== '').join(' '));
  }
  return {
    mark: worst, sentence: `${amount(concerned.length, services.length)} are ${PREDICATES[worst]}${describeEarliest(concerned, nowMs)}`, detail: besides,
    concerned: concerned.slice(0, NAMED).map(({ id, name }) => ({ id, name })), more: Math.max(0, concerned.length - NAMED),
  };
}

/** null: somebody supervises. */
function describeStandstill(link: LinkState): { readonly sentence: string; readonly detail: string } | null {
  switch (link.kind) {
    case 'hosting': case 'attached': return null;
    case 'starting': return { sentence: 'Upkeep is starting', detail: '' };
    case 'invalid': return { sentence: 'Nothing is supervised at the moment', detail: '' };
    // Whether it still supervises is not known here.
    case 'lost': return { sentence: 'Upkeep does not answer', detail: link.message };
    case 'failed': return { sentence: 'Nobody supervises at the moment', detail: `${link.message} Upkeep tries again every few seconds by itself.` };
    case 'ended': return { sentence: 'This page has ended', detail: link.message };
  }
}

/** "All 12 services", "Both services", "3 of 12 services". */
function amount(some: number, all: number): string {
  if (some < all) return `${some} of ${all} services`;
  return all === 2 ? 'Both services' : `All ${all} services`;
}

/** Nobody is needed: everything is up, or what is not is so because a person wants it, or is looked at for the first time. */
function describeCalm(services: readonly ServiceSnapshot[], nowMs: number): HeadlineView {
  const [first] = services;
  const others = [...WORST_FIRST].filter((status) => status !== 'up').map((status) => ({ status, count: services.filter((service) => service.status === status).length })).filter(({ count }) => count > 0);
  const up = services.filter(({ status }) => status === 'up').length;
  const [onlyOther] = others;
  const only = services.length === 1 ? first : undefined;
  const calm = (mark: Mark, sentence: string): HeadlineView => ({ mark, sentence, detail: only !== undefined && mark !== 'up' ? only.reason : describeLastHeal(services, nowMs), concerned: [], more: 0 });
  if (only !== undefined) return calm(only.status, `${only.name} is ${PREDICATES[only.status]}`);
  if (onlyOther === undefined) return calm('up', `${amount(up, services.length)} are up`);
  if (up === 0 && others.length === 1) return calm(onlyOther.status, `${amount(services.length, services.length)} are ${PREDICATES[onlyOther.status]}`);
  const mark = up === 0 || onlyOther.status === 'unknown' ? onlyOther.status : 'up';
  return calm(mark, `${amount(up, services.length)} are up; ${others.map(({ status, count }) => `${count} ${PREDICATES[status]}`).join(', ')}`);
}

function describeLastHeal(services: readonly ServiceSnapshot[], nowMs: number): string {
  const healed = services.flatMap(({ name, heal: { last } }) => (last?.result.kind === 'fixed' && last.by === 'upkeep' ? [{ name, at: last.at }] : []));
  const newest = healed.reduce<{ name: string; at: string } | null>((found, heal) => (found === null || heal.at > found.at ? heal : found), null);
  return newest === null ? 'Nothing to do.' : `Nothing to do. ${newest.name} was restarted at ${clockTime(newest.at, nowMs)} and came back.`;
}

/** What stands after the name: "is down; restarted 2 of 3 times this hour, next try 14:32". */
function describeOne(service: ServiceSnapshot, nowMs: number): string {
  const { status, why, heal } = service;
  switch (status) {
    case 'down': {
      const done = describeDone(service, nowMs);
      return why.code === 'recovering' ? 'is coming back' : `is down${done === '' ? '' : `; ${done}`}`;
    }
    case 'degraded': return why.code === 'slow' ? 'is slow' : why.code === 'failing' ? `is failing, ${why.failures} of ${why.threshold} times so far` : 'is degraded';
    case 'healing': return `is being restarted${heal.underWay?.by === 'person' ? ', as you asked' : ''}`;
    case 'up': case 'unknown': case 'paused': case 'stopped': return `is ${PREDICATES[status]}`;
  }
}

/** What was done about a service that is down, and what comes next. */
function describeDone({ why, heal, manager }: ServiceSnapshot, nowMs: number): string {
  const { inLastHour, maxPerHour, nextAllowedAt, auto } = heal;
  if (manager === null) return 'Upkeep only watches it, restart it yourself';
  if (!auto) return 'automatic restarts are off, restart it yourself';
  if (maxPerHour === 0) return 'no automatic restarts are allowed, restart it yourself';
  const done = inLastHour === 0 ? '' : `restarted ${inLastHour} of ${maxPerHour} times this hour, `;
  if (why.code === 'held' && why.hold.code === 'heals-under-way') return `${done}next try when another restart has ended`;
  if (why.code === 'held' && why.hold.code === 'machine-budget-spent' && why.hold.nextAtMs !== null) {
    return `the ${why.hold.limit} restarts of this machine's hour are used, next try ${clockTime(new Date(why.hold.nextAtMs).toISOString(), nowMs)}`;
  }
  return nextAllowedAt === null || Date.parse(nextAllowedAt) <= nowMs ? `${done}next try in a moment` : `${done}next try ${clockTime(nextAllowedAt, nowMs)}`;
}

function describeEarliest(services: readonly ServiceSnapshot[], nowMs: number): string {
  const ahead = services.flatMap(({ heal: { nextAllowedAt } }) => (nextAllowedAt !== null && Date.parse(nextAllowedAt) > nowMs ? [nextAllowedAt] : [])).sort();
  const [first] = ahead;
  return first === undefined ? '' : `; next try ${clockTime(first, nowMs)}`;
}

/** What shows the trouble, and since when. */
function describeEvidence(service: ServiceSnapshot, nowMs: number): string {
  const { why, since, status, reason } = service;
  const symptom = 'symptom' in why ? why.symptom : null;
  if (symptom === null) return reason;
  const what = symptom.kind === 'exit' ? sentence(describeExit(symptom.cause)) : `${checkName(symptom)}: ${symptom.evidence.replace(/\s+/g, ' ').trim().replace(/\.+$/, '')}.`;
  return status === 'down' && since !== null ? `${what} Down since ${clockTime(since, nowMs)}.` : what;
}

/** Other trouble, less bad: "Besides, Search is slow." */
function describeBesides(services: readonly ServiceSnapshot[], worst: ServiceStatus): string {
  const others = services.filter(({ status }) => status !== worst && !QUIET.has(status));
  const [only] = others;
  if (only === undefined) return '';
  if (others.length === 1) return `Besides, ${only.name} is ${only.why.code === 'slow' ? 'slow' : PREDICATES[only.status]}.`;
  const parts = WORST_FIRST.map((status) => ({ status, count: others.filter((service) => service.status === status).length })).filter(({ count }) => count > 0);
  return `Besides, ${parts.map(({ status, count }) => `${count} ${count === 1 ? 'is' : 'are'} ${PREDICATES[status]}`).join(' and ')}.`;
}
