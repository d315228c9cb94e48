// Answers what a screen reader is told when states change: that something is down, once, and that it is up again. Pure.
// What a person did is told by its outcome, and what was so before the page opened stands on it.
import type { ServiceSnapshot } from '../supervisor/contract/snapshot.ts';

/** Services that were told to be in trouble, and as what. null: the page has just opened. */
export type Told = ReadonlyMap<string, 'down' | 'healing'> | null;
export interface Announcement { readonly told: NonNullable<Told>; /** null: nothing to say. */ readonly text: string | null }

/** null: nothing to say. `undefined`: the page has just opened. */
export function announceLink(wasLive: boolean | undefined, isLive: boolean): string | null {
  if (wasLive === undefined || wasLive === isLive) return null;
  return isLive ? 'Upkeep supervises again.' : 'Upkeep no longer answers.';
}

type Known = Pick<ServiceSnapshot, 'id' | 'name' | 'status' | 'heal'>;

export function announceChanges(told: Told, services: readonly Known[]): Announcement {
  const next = new Map<string, 'down' | 'healing'>();
  const [down, healing, up]: [string[], string[], string[]] = [[], [], []];
  for (const { id, name, status, heal } of services) {
    const before = told?.get(id);
    if (status === 'down') {
      next.set(id, 'down');
      if (before !== 'down') down.push(name);
    } else if (status === 'healing' && heal.underWay?.by === 'upkeep') {
      next.set(id, before ?? 'healing');
      if (before === undefined) healing.push(name);
    } else if (before !== undefined && status === 'up') {
      up.push(name);
    } else if (before !== undefined && (status === 'degraded' || status === 'unknown' || status === 'healing')) {
      // Neither down nor up again: whatever follows is told then.
      next.set(id, before);
    }
  }
  if (told === null) return { told: next, text: null };
  const text = [phrase(down, 'is down', 'are down'), phrase(healing, 'has failed and is being restarted', 'have failed and are being restarted'), phrase(up, 'is up again', 'are up again')].filter((part) => part !== '').join(' ');
  return { told: next, text: text === '' ? null : text };
}

function phrase(names: readonly string[], one: string, many: string): string {
  const [first] = names;
  if (first === undefined) return '';
  if (names.length === 1) return `${first} ${one}.`;
  return names.length === 2 ? `${names.join(' and ')} ${many}.` : `${names.length} services ${many}; the first is ${first}.`;
}
