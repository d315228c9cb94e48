// The heals of a history as a book-keeper would note them: read from what was told, with the rules about them counted anew.
// Shares nothing with the domain's own budgets, so that the two can disagree.
import type { Machine } from './machine.ts';
import { HOUR, MINUTE } from './moment.ts';

export interface Heal { readonly service: string; readonly by: 'upkeep' | 'person'; readonly beganMs: number; /** null: still under way. */ readonly endedMs: number | null }

/** A person's stop ends a heal without a word of its own. */
export function healsOf({ moments }: Machine): readonly Heal[] {
  const heals: Heal[] = [];
  const end = (service: string, endedMs: number): void => {
    const index = heals.findLastIndex((heal) => heal.service === service && heal.endedMs === null);
    const open = heals[index];
    if (open !== undefined) heals[index] = { ...open, endedMs };
  };
  for (const { told } of moments) {
    for (const { type, service, at, facts } of told) {
      if (type === 'heal.started') heals.push({ service, by: facts['by'] === 'person' ? 'person' : 'upkeep', beganMs: at.mono, endedMs: null });
      if (type === 'heal.succeeded' || type === 'heal.failed' || type === 'service.stopped') end(service, at.mono);
    }
  }
  return heals;
}

/** Heals that began in the hour before `ms`; one exactly an hour old is out. */
export const begunInTheHourBefore = (heals: readonly Heal[], ms: number): number => heals.filter(({ beganMs }) => beganMs > ms - HOUR).length;

/** Stretches in which a service only passed, as [first pass, first failure after it]. */
function healthySpans({ moments }: Machine, service: string): (readonly [number, number])[] {
  const spans: (readonly [number, number])[] = [];
  let sinceMs: number | null = null;
  for (const { happening, at, told } of moments) {
    if (!('service' in happening) || happening.service !== service) continue;
    const good = (happening.type === 'round' && (happening.says === 'pass' || happening.says === 'slow')) || told.some(({ type }) => type === 'heal.succeeded' || type === 'service.up');
    const bad = (happening.type === 'round' && (happening.says === 'fail' || happening.says === 'dead')) || happening.type === 'exit';
    if (good) sinceMs ??= at.mono;
    if (bad && sinceMs !== null) {
      spans.push([sinceMs, at.mono]);
      sinceMs = null;
    }
  }
  return spans;
}

/** The cooldown that has to lie before a heal that begins now: the first value, doubled for each heal after the first since the last long health. */
export function leastCooldownMs(machine: Machine, service: string, earlier: readonly Heal[], nowMs: number): number {
  const { fromMs, toMs } = machine.policy(service).heal.cooldown;
  const longHealthEnds = healthySpans(machine, service).filter(([from, to]) => to <= nowMs && to - from >= 10 * MINUTE).map(([, to]) => to);
  const lastResetMs = Math.max(-1, ...longHealthEnds);
  const since = earlier.filter(({ endedMs }) => endedMs !== null && endedMs > lastResetMs).length;
  return since === 0 ? fromMs : Math.min(fromMs * 2 ** (since - 1), toMs);
}
