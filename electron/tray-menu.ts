// Answers what the tray shows: icon state, tooltip and menu, all from the newest snapshot. Pure.
// Nothing in it changes with time alone, so that an unchanged state means an unchanged menu.
import { type ServiceSnapshot, type ServiceStatus, type Snapshot, STATUSES } from '../supervisor/contract/snapshot.ts';
import type { LinkState } from '../supervisor/contract/panel.ts';
import { PAUSE_SPANS, type PauseSpan } from '../supervisor/contract/pause.ts';
import { isLinked, isPaused, type ServiceAct, type TrayAct, type TrayInput, whyNot } from './tray-act.ts';

export const TRAY_STATES = ['up', 'degraded', 'down', 'healing', 'paused', 'unknown'] as const;
export type TrayState = (typeof TRAY_STATES)[number];

export type MenuEntry =
  | { readonly kind: 'separator' }
  | { readonly kind: 'text'; readonly label: string }
  | { readonly kind: 'act'; readonly label: string; readonly enabled: boolean; readonly act: TrayAct }
  | { readonly kind: 'submenu'; readonly label: string; readonly entries: readonly MenuEntry[] };
export interface TrayModel { readonly state: TrayState; readonly tooltip: string; readonly entries: readonly MenuEntry[] }

const LABEL_LENGTH = 90;
const TOOLTIP_LENGTH = 200;
const SEPARATOR: MenuEntry = { kind: 'separator' };
/** What a person should hear of first. */
const WORST_FIRST: readonly ServiceStatus[] = ['down', 'healing', 'degraded', 'unknown', 'paused', 'stopped', 'up'];

export function describeTray(input: TrayInput): TrayModel {
  const { link, snapshot } = input;
  const headline = describeOverall(input);
  const entry = (label: string, act: TrayAct): MenuEntry => ({ kind: 'act', label, enabled: whyNot(act, input) === null, act });
  const services = snapshot?.services ?? [];
  return {
    state: trayState(input),
    tooltip: shorten(`Upkeep: ${[headline, isLinked(link) && snapshot !== null ? describeWorst(snapshot) : null].filter((part) => part !== null).join(' — ')}`, TOOLTIP_LENGTH),
    entries: [
      { kind: 'text', label: shorten(headline, LABEL_LENGTH) },
      ...(link.kind === 'invalid' ? link.issues.slice(0, 5).map((issue): MenuEntry => ({ kind: 'text', label: shorten(issue, LABEL_LENGTH) })) : []),
      ...describeRefusal(snapshot),
      SEPARATOR,
      ...services.map((service) => describeService(service, entry)),
      ...(services.length === 0 ? [] : [SEPARATOR]),
      entry('Heal all failing', { kind: 'heal-failing' }),
      describePause('Pause all', (span) => ({ kind: 'pause-all', span }), entry),
      entry('Resume all', { kind: 'resume-all' }),
      SEPARATOR,
      entry('Open panel', { kind: 'panel' }),
      entry(link.kind === 'attached' ? 'Quit (supervision goes on without the tray)' : 'Quit Upkeep', { kind: 'quit' }),
    ],
  };
}

/** A changed services.json that is not taken over; the panel has all of it. */
function describeRefusal(snapshot: Snapshot | null): MenuEntry[] {
  const [line] = snapshot?.config.error?.split('\n') ?? [];
  // A menu is narrow: what is wrong counts, not the folder the file lies in.
  const first = line?.replace(/^\/(?:[^/\n]*\/)*(?=[^/\s]+:\d+:\d+ )/, '');
  return first === undefined ? [] : [{ kind: 'text', label: shorten(`services.json refused: ${first}`, LABEL_LENGTH) }];
}

type MakeEntry = (label: string, act: TrayAct) => MenuEntry;

function describeService(service: ServiceSnapshot, entry: MakeEntry): MenuEntry {
  const { id, name, status, reason, url } = service;
  const act = (kind: Exclude<ServiceAct['kind'], 'pause'>) => ({ kind, service: id }) as const;
  return {
    kind: 'submenu',
    label: shorten(`${name} · ${status} · ${reason}`, LABEL_LENGTH),
    entries: [
      entry('Restart', act('restart')),
      status === 'stopped' ? entry('Start', act('start')) : entry('Stop', act('stop')),
      ...(isPaused(service)
        ? [entry('Resume', act('resume'))]
        : [describePause('Pause', (span) => ({ kind: 'pause', service: id, span }), entry)]),
      SEPARATOR,
      ...(url === null ? [] : [entry('Open in browser', act('open'))]),
      entry('Show in panel', act('show')),
    ],
  };
}

function describePause(label: string, act: (span: PauseSpan) => TrayAct, entry: MakeEntry): MenuEntry {
  return { kind: 'submenu', label, entries: PAUSE_SPANS.map(({ span, label: spanLabel }) => entry(spanLabel, act(span))) };
}

function trayState({ link, snapshot }: TrayInput): TrayState {
  // Nobody looks after anything until a person repairs the file: as bad as a service that is down.
  if (link.kind === 'invalid' || link.kind === 'failed') return 'down';
  if (!isLinked(link) || snapshot === null) return 'unknown';
  if (snapshot.paused) return 'paused';
  const has = (status: ServiceStatus) => snapshot.services.some((service) => service.status === status);
  for (const status of ['down', 'healing', 'degraded'] as const) if (has(status)) return status;
  if (has('up') || snapshot.services.length === 0) return 'up';
  return has('unknown') ? 'unknown' : 'paused';
}

function describeOverall({ link, snapshot }: TrayInput): string {
  const trouble = describeLink(link);
  if (trouble !== null) return trouble;
  if (snapshot === null) return 'starting';
  if (snapshot.services.length === 0) return 'no services';
  const counts = STATUSES.map((status) => [status, snapshot.services.filter((service) => service.status === status).length] as const);
  const text = counts.filter(([, count]) => count > 0).map(([status, count]) => `${count} ${status}`).join(', ');
  return snapshot.paused ? `everything paused (${text})` : text;
}

function describeLink(link: LinkState): string | null {
  switch (link.kind) {
    case 'hosting': case 'attached': return null;
    case 'starting': return 'starting';
    case 'invalid': case 'lost': case 'failed': case 'ended': return link.message;
  }
}

function describeWorst({ services }: Snapshot): string | null {
  const status = WORST_FIRST.find((candidate) => services.some((service) => service.status === candidate));
  if (status === undefined || status === 'up') return null;
  const worst = services.find((service) => service.status === status);
  return worst === undefined ? null : `${worst.name}: ${worst.reason}`;
}

function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1).trimEnd()}…`;
}
