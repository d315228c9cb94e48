// Answers where a chart is marked: incidents with what became of them, and restarts that belong to none. Pure.
import { healProofOf } from '../../supervisor/contract/heal-proof-of.ts';
import type { Incident } from '../../supervisor/contract/history.ts';
import type { UpkeepEvent } from '../../supervisor/contract/event.ts';
import { clockTime, count, span } from '../parts/words.ts';
import { hashOf } from '../route.ts';
import type { TimeWindow } from './spans.ts';

/** `healed`: a heal fixed it. `over`: it ended otherwise. `open`: it lasts. `restart`: a restart without an incident. */
export type MarkKind = 'open' | 'healed' | 'over' | 'restart';
export interface Mark { readonly key: string; readonly kind: MarkKind; readonly atMs: number; readonly label: string; readonly hash: string }
/** `part`: how far along the chart, 0 to 1. `amount`: how many marks it stands for. */
export interface PlacedMark extends Omit<Mark, 'atMs'> { readonly part: number; readonly amount: number }

const WORST_FIRST: readonly MarkKind[] = ['open', 'over', 'healed', 'restart'];

/** `heals`: events of heals of the same service. */
export function marksOf(incidents: readonly Incident[], heals: readonly UpkeepEvent[], nowMs: number): Mark[] {
  const restarts = heals.flatMap((event) => {
    const proof = healProofOf(event);
    if (proof === null || proof.incident !== null || event.service === undefined) return [];
    return [restartMark(event.service, proof.attempt, event.at, nowMs)];
  });
  return [...incidents.map((incident) => incidentMark(incident, nowMs)), ...restarts].sort((left, right) => left.atMs - right.atMs);
}

function incidentMark({ id, began, ended, outcome, heals }: Incident, nowMs: number): Mark {
  const lasted = ended === null ? `lasts for ${span(nowMs - Date.parse(began))}` : `lasted ${span(Date.parse(ended) - Date.parse(began))}`;
  const end: Record<Incident['outcome'], string> = {
    open: 'not over', healed: 'healed', recovered: 'recovered by itself', stopped: 'ended by a stop', forgotten: 'ended when it left services.json',
  };
  return {
    key: id, kind: outcome === 'open' ? 'open' : outcome === 'healed' ? 'healed' : 'over', atMs: Date.parse(began),
    label: `${clockTime(began, nowMs)}: down, ${lasted}, ${heals === 0 ? 'no restart' : count(heals, 'restart')}, ${end[outcome]}`,
    hash: hashOf({ screen: 'incident', incident: id }),
  };
}

function restartMark(service: string, attempt: string, at: string, nowMs: number): Mark {
  return { key: attempt, kind: 'restart', atMs: Date.parse(at), label: `${clockTime(at, nowMs)}: restarted by a person`, hash: hashOf({ screen: 'history', service, kind: 'heal' }) };
}

/**
 * Marks that would cover each other become one, with the looks of the worst. `slots`: how many find room side by side.
 * One that began before the window stands at its left edge while it lasts.
 */
export function placeMarks(marks: readonly Mark[], { fromMs, toMs }: TimeWindow, slots: number): PlacedMark[] {
  const places = new Map<number, Mark[]>();
  for (const mark of marks) {
    if (mark.atMs >= toMs || (mark.atMs < fromMs && mark.kind !== 'open')) continue;
    const part = Math.max(0, (mark.atMs - fromMs) / (toMs - fromMs));
    const slot = Math.min(slots - 1, Math.floor(part * slots));
    places.set(slot, [...(places.get(slot) ?? []), mark]);
  }
  return [...places].sort(([left], [right]) => left - right).flatMap(([slot, together]) => {
    const worst = WORST_FIRST.flatMap((kind) => together.filter((mark) => mark.kind === kind))[0];
    if (worst === undefined) return [];
    const { key, kind, hash } = worst;
    return [{ key, kind, hash, label: together.map(({ label }) => label).join('\n'), part: (slot + 0.5) / slots, amount: together.length }];
  });
}
