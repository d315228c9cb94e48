// Answers whether an act from the tray makes sense now, and what it asks of the supervisor. Pure.
// A click on a disabled item still arrives over D-Bus, and a menu may be older than the state: ask again before acting.
import type { PauseSpan } from '../supervisor/contract/pause.ts';
import type { ServiceSnapshot, Snapshot } from '../supervisor/contract/snapshot.ts';
import type { LinkState } from '../supervisor/contract/panel.ts';

export type ServiceAct =
  | { readonly kind: 'restart' | 'start' | 'stop' | 'resume' | 'open' | 'show'; readonly service: string }
  | { readonly kind: 'pause'; readonly service: string; readonly span: PauseSpan };
export type TrayAct =
  | ServiceAct
  | { readonly kind: 'heal-failing' | 'resume-all' | 'panel' | 'quit' }
  | { readonly kind: 'pause-all'; readonly span: PauseSpan };

/** What the tray knows. */
export interface TrayInput { readonly link: LinkState; readonly snapshot: Snapshot | null }

/** Why the act makes no sense now, as one sentence; null: it does. */
export function whyNot(act: TrayAct, { link, snapshot }: TrayInput): string | null {
  if (act.kind === 'panel' || act.kind === 'quit') return null;
  if (snapshot === null || !isLinked(link)) return 'Upkeep is not supervising at the moment.';
  switch (act.kind) {
    case 'heal-failing': return snapshot.services.some(canBeHealed) ? null : 'No service that Upkeep can restart is failing.';
    case 'pause-all': return snapshot.paused ? 'Everything is paused already.' : null;
    case 'resume-all': return snapshot.paused || snapshot.services.some(isPaused) ? null : 'Nothing is paused.';
    case 'restart': case 'start': case 'stop': case 'pause': case 'resume': case 'open': case 'show': {
      const service = snapshot.services.find(({ id }) => id === act.service);
      return service === undefined ? `There is no service "${act.service}".` : whyNotService(act.kind, service, snapshot);
    }
  }
}

function whyNotService(kind: ServiceAct['kind'], service: ServiceSnapshot, snapshot: Snapshot): string | null {
  const { name, status, manager } = service;
  switch (kind) {
    case 'restart':
      if (manager === null) return watchOnly(name);
      if (status === 'stopped') return `${name} is stopped; start it.`;
      return status === 'healing' ? `${name} is being restarted already.` : null;
    case 'start':
      if (manager === null) return watchOnly(name);
      return status === 'stopped' ? null : `${name} is not stopped.`;
    case 'stop':
      if (manager === null) return watchOnly(name);
      return status === 'stopped' ? `${name} is stopped already.` : null;
    case 'pause': return isPaused(service) || snapshot.paused ? `${name} is paused already.` : null;
    case 'resume':
      if (isPaused(service)) return null;
      return snapshot.paused ? 'Everything is paused; resume all.' : `${name} is not paused.`;
    case 'open': return service.url === null ? `${name} has no address.` : null;
    case 'show': return null;
  }
}

const watchOnly = (name: string) => `${name} is only watched: it has no service manager.`;
const canBeHealed = ({ status, manager }: ServiceSnapshot) => manager !== null && (status === 'down' || status === 'degraded');

export const isLinked = (link: LinkState): boolean => link.kind === 'hosting' || link.kind === 'attached';
/** Paused by itself, not only along with everything. */
export const isPaused = (service: ServiceSnapshot): boolean => service.paused;

/** The address to open for a service, or null when it has none that a browser should be given. */
export function addressOf(service: string, snapshot: Snapshot | null): string | null {
  const address = snapshot?.services.find(({ id }) => id === service)?.url ?? null;
  return address !== null && /^https?:\/\//i.test(address) ? address : null;
}
