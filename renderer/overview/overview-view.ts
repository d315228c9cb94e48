// Answers what the panel says, from the newest snapshot, the link's state and the history. Pure: components only lay it out.
// Words and order are decided here and tested as tables.
import type { AlertSnapshot, CheckResult, ServiceSnapshot, ServiceStatus, Snapshot } from '../../supervisor/contract/snapshot.ts';
import type { UpkeepEvent } from '../../supervisor/contract/event.ts';
import type { LinkState } from '../bridge.ts';
import type { Mark } from '../parts/mark.tsx';
import { clockTime, count, latency, timeView, type TimeView } from '../parts/words.ts';


export interface PanelInput {
  readonly link: LinkState;
  readonly snapshot: Snapshot | null;
  readonly history: readonly UpkeepEvent[];
  readonly nowMs: number;
}
export interface PanelView {
  readonly headline: { readonly mark: Mark; readonly sentence: string; readonly detail: string };
  /** Whether commands can be sent. */
  readonly isLive: boolean;
  readonly banners: readonly BannerView[];
  readonly groups: readonly { readonly name: string | null; readonly services: readonly ServiceView[] }[];
  readonly alerts: readonly AlertView[];
  readonly heals: readonly HealView[];
  readonly healAll: { readonly isPossible: boolean };
  readonly pause: { readonly isPaused: boolean; readonly canResume: boolean };
  readonly footer: { readonly version: string; readonly configFile: string; readonly process: string; readonly quitLabel: string };
}
export interface BannerView { readonly kind: 'error' | 'note'; readonly title: string; readonly lines: readonly string[] }
export interface ServiceView {
  readonly id: string;
  readonly name: string;
  readonly mark: ServiceStatus;
  readonly reason: string;
  readonly since: TimeView | null;
  readonly breaker: string;
  readonly heal: string;
  readonly lastHeal: TimeView | null;
  readonly checks: readonly CheckView[];
  readonly hasManager: boolean;
  readonly hasAddress: boolean;
  readonly isStopped: boolean;
  readonly isHealing: boolean;
  readonly isPaused: boolean;
}
export interface CheckView { readonly key: string; readonly label: string; readonly mark: 'pass' | 'fail' | 'open'; readonly word: string; readonly latency: string; readonly error: string | null }
export interface AlertView { readonly id: string; readonly level: string; readonly message: string; readonly serviceName: string; readonly since: TimeView; readonly deliveries: string }
export interface HealView { readonly key: string; readonly mark: 'pass' | 'fail' | 'open'; readonly serviceName: string; readonly what: string; readonly at: TimeView }

/** The events the heal history is made of. */
export const HEAL_EVENTS = ['heal.succeeded', 'heal.failed', 'heal.held'];

/** What a person should read of first. */
const WORST_FIRST: readonly ServiceStatus[] = ['down', 'healing', 'degraded', 'unknown', 'paused', 'stopped', 'up'];
const PREDICATES: Record<ServiceStatus, string> = {
  up: 'up', degraded: 'degraded', down: 'down', healing: 'being healed', unknown: 'not known yet', paused: 'paused', stopped: 'stopped',
};

export function describePanel(input: PanelInput): PanelView {
  const { link, snapshot, history, nowMs } = input;
  const services = snapshot?.services ?? [];
  const isLive = link.kind === 'hosting' || link.kind === 'attached';
  const nameOf = (id: string | undefined) => services.find((service) => service.id === id)?.name ?? id ?? '';
  return {
    headline: describeHeadline(input),
    isLive,
    banners: describeBanners(input),
    groups: groupServices(services, nowMs),
    alerts: (snapshot?.alerts ?? []).map((alert) => describeAlert(alert, nameOf(alert.service), nowMs)),
    heals: history.map((event, index) => describeHeal(event, index, nameOf(event.service), nowMs)),
    healAll: { isPossible: isLive && services.some(({ manager, status }) => manager !== null && (status === 'down' || status === 'degraded')) },
    pause: { isPaused: snapshot?.paused ?? false, canResume: isLive && ((snapshot?.paused ?? false) || services.some(({ paused }) => paused)) },
    footer: {
      version: snapshot === null ? 'Upkeep' : `Upkeep ${snapshot.version}`,
      configFile: snapshot?.config.file ?? '',
      process: describeProcess(link, snapshot),
      quitLabel: link.kind === 'attached' ? 'Quit the tray app' : 'Quit Upkeep',
    },
  };
}

function describeHeadline({ link, snapshot, nowMs }: PanelInput): PanelView['headline'] {
  if (link.kind === 'invalid') return { mark: 'off', sentence: 'Nothing is supervised', detail: link.message };
  if (link.kind === 'lost' || link.kind === 'failed' || link.kind === 'ended') return { mark: 'off', sentence: 'Nothing is supervised at the moment', detail: link.message };
  if (link.kind === 'starting' || snapshot === null) return { mark: 'off', sentence: 'Upkeep is starting', detail: 'Reading services.json and looking at every service.' };
  const { services } = snapshot;
  if (services.length === 0) return { mark: 'up', sentence: 'No services are configured', detail: `Add some to ${snapshot.config.file}.` };
  if (snapshot.paused) return { mark: 'paused', sentence: 'Everything is paused', detail: pauseEnd(snapshot.pausedUntil, nowMs) };
  const status = WORST_FIRST.find((candidate) => services.some((service) => service.status === candidate)) ?? 'unknown';
  const concerned = services.filter((service) => service.status === status);
  const [first] = concerned;
  const sentence =
    concerned.length === services.length && services.length > 1 ? `${services.length === 2 ? 'Both' : `All ${services.length}`} services are ${PREDICATES[status]}`
    : concerned.length === 1 && first !== undefined ? `${first.name} is ${PREDICATES[status]}`
    : `${concerned.length} of ${services.length} services are ${PREDICATES[status]}`;
  return { mark: status, sentence, detail: status === 'up' ? 'Nothing to do.' : describeConcern(concerned) };
}

function describeConcern(services: readonly ServiceSnapshot[]): string {
  const [first] = services;
  if (first === undefined) return '';
  return services.length === 1 ? first.reason : listNames(services.map(({ name }) => name));
}

function listNames(names: readonly string[]): string {
  const shown = names.slice(0, 4);
  const rest = names.length - shown.length;
  return `${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}.`;
}

function describeBanners({ link, snapshot }: PanelInput): BannerView[] {
  const banners: BannerView[] = [];
  if (link.kind === 'invalid') banners.push({ kind: 'error', title: 'Correct services.json; Upkeep starts as soon as it can be used.', lines: link.issues });
  if ((link.kind === 'lost' || link.kind === 'failed') && snapshot !== null) {
    banners.push({ kind: 'error', title: 'What you see below is what was known last.', lines: ['Upkeep tries again every few seconds by itself.'] });
  }
  if (snapshot === null) return banners;
  if (snapshot.config.error !== null && link.kind !== 'invalid') {
    banners.push({ kind: 'error', title: 'The changed services.json was refused; the one before stays in force.', lines: snapshot.config.error.split('\n') });
  }
  if (snapshot.notes.length > 0) banners.push({ kind: 'note', title: 'About Upkeep itself', lines: snapshot.notes });
  return banners;
}

function groupServices(services: readonly ServiceSnapshot[], nowMs: number): PanelView['groups'] {
  // In the order of services.json; those without a group come first.
  const names = [...new Set(services.map(({ group }) => group))].sort((left, right) => Number(left !== null) - Number(right !== null));
  return names.map((name) => ({ name, services: services.filter(({ group }) => group === name).map((service) => describeService(service, nowMs)) }));
}

function describeService(service: ServiceSnapshot, nowMs: number): ServiceView {
  const { id, name, status, reason, since, breaker, heal, checks, manager, url, paused } = service;
  return {
    id, name, reason,
    mark: status,
    since: since === null ? null : timeView(since, nowMs),
    breaker: describeBreaker(breaker, nowMs),
    heal: manager === null ? 'Watched only' : `${heal.auto ? '' : 'Heals by hand only · '}${heal.inLastHour} of ${heal.maxPerHour} heals this hour`,
    lastHeal: heal.lastAt === null ? null : timeView(heal.lastAt, nowMs),
    checks: checks.map(describeCheck),
    hasManager: manager !== null,
    hasAddress: url !== null,
    isStopped: status === 'stopped',
    isHealing: status === 'healing',
    isPaused: paused,
  };
}

function describeBreaker({ state, failures, openUntil }: ServiceSnapshot['breaker'], nowMs: number): string {
  if (state === 'half-open') return 'Breaker half-open: trying';
  if (state === 'open') return openUntil === null ? 'Breaker open' : `Breaker open, next trial ${clockTime(openUntil, nowMs)}`;
  return failures === 0 ? 'Breaker closed' : `Breaker closed, ${count(failures, 'failure')}`;
}

function describeCheck({ type, target, ok, latencyMs, error, at }: CheckResult, index: number): CheckView {
  // "http http://…" says it twice.
  const label = target.startsWith(type) ? target : `${type} ${target}`.trim();
  const mark = ok === null ? 'open' : ok ? 'pass' : 'fail';
  const word = at === null ? 'not checked yet' : ok === null ? 'could not run' : ok ? 'passes' : 'fails';
  return { key: `${index} ${label}`, label, mark, word, latency: latencyMs === null ? '–' : latency(latencyMs), error };
}

function describeAlert({ id, level, since, message, deliveries }: AlertSnapshot, serviceName: string, nowMs: number): AlertView {
  const parts = deliveries.map(({ channel, state, attempts, error }) => {
    if (state === 'sent') return `${channel}: sent`;
    if (state === 'unavailable') return `${channel}: not available here`;
    return attempts === 0 ? `${channel}: being sent` : `${channel}: not sent yet after ${count(attempts, 'attempt')}${error === null ? '' : ` (${error})`}`;
  });
  return { id, level, message, serviceName, since: timeView(since, nowMs), deliveries: parts.join(' · ') || 'no channel set up for this level' };
}

function describeHeal(event: UpkeepEvent, index: number, serviceName: string, nowMs: number): HealView {
  const mark = event.type === 'heal.succeeded' ? 'pass' : event.type === 'heal.failed' ? 'fail' : 'open';
  const fallback = mark === 'pass' ? 'Healed.' : mark === 'fail' ? 'Not healed.' : 'Held.';
  return { key: `${event.at} ${event.service ?? ''} ${event.type} ${index}`, mark, serviceName, what: event.reason ?? fallback, at: timeView(event.at, nowMs) };
}

function describeProcess(link: LinkState, snapshot: Snapshot | null): string {
  if (snapshot?.pid == null) return '';
  if (link.kind === 'attached') return `Supervised by process ${snapshot.pid}, which goes on when you quit`;
  return link.kind === 'hosting' ? `Process ${snapshot.pid}` : '';
}

function pauseEnd(until: string | null, nowMs: number): string {
  return until === null ? 'Until you resume. Services are left alone.' : `Until ${clockTime(until, nowMs)}. Services are left alone.`;
}
