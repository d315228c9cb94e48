// Answers what the tray shows: icon state, tooltip and menu, all from the newest snapshot. Pure.
// Nothing in it changes with time alone, so that an unchanged state means an unchanged menu.
import { type ServiceStatus, type Snapshot, STATUSES, WORST_FIRST } from '../supervisor/contract/snapshot.ts';
import type { LinkState } from '../supervisor/contract/panel.ts';
import { isLinked, type TrayAct, type TrayInput, whyNot } from './tray-act.ts';
import { countStatuses, describePause, describeServices } from './tray-services.ts';
import { type MenuEntry, SEPARATOR, shorten, text } from './tray-entry.ts';

export const TRAY_STATES = ['up', 'degraded', 'down', 'healing', 'paused', 'unknown'] as const;
export type TrayState = (typeof TRAY_STATES)[number];

export interface TrayModel { readonly state: TrayState; readonly tooltip: string; readonly entries: readonly MenuEntry[] }

const TOOLTIP_LENGTH = 200;

export function describeTray(input: TrayInput): TrayModel {
  const { link, snapshot } = input;
  const headline = describeOverall(input);
  const entry = (label: string, act: TrayAct): MenuEntry => ({ kind: 'act', label, enabled: whyNot(act, input) === null, act });
  const refusal = describeRefusal(snapshot);
  const services = describeServices(snapshot?.services ?? [], entry);
  return {
    state: trayState(input),
    tooltip: describeTooltip(input, headline, refusal),
    entries: [
      text(headline),
      ...(link.kind === 'invalid' ? link.issues.slice(0, 5).map(text) : []),
      ...(refusal === null ? [] : [text(refusal)]),
      SEPARATOR,
      ...services,
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

function describeTooltip({ link, snapshot }: TrayInput, headline: string, refusal: string | null): string {
  const worst = isLinked(link) && snapshot !== null ? describeWorst(snapshot) : null;
  return shorten(`Upkeep: ${[headline, worst, refusal].filter((part) => part !== null).join(' — ')}`, TOOLTIP_LENGTH);
}

/** A changed services.json that is not taken over; the panel has all of it. */
function describeRefusal(snapshot: Snapshot | null): string | null {
  const [line] = snapshot?.config.error?.split('\n') ?? [];
  // A menu is narrow: what is wrong counts, not the folder the file lies in.
  return line === undefined ? null : `services.json refused: ${line.replace(/^\/(?:[^/\n]*\/)*(?=[^/\s]+:\d+:\d+ )/, '')}`;
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
  const counts = countStatuses(snapshot.services, STATUSES);
  return snapshot.paused ? `everything paused (${counts})` : counts;
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
