// Says in one line what an event says: time, shape, service, what happened. Pure.
import type { EventType, UpkeepEvent } from '../supervisor/contract/event.ts';
import type { Reader } from './snapshot-text.ts';
import { alignColumns, type Cell } from './table.ts';
import type { Style } from './terminal.ts';
import { describeTime } from './time-text.ts';

const GOOD = { shape: '✓', style: 'green' } as const;
const BAD = { shape: '✗', style: 'red' } as const;
const CARE = { shape: '▲', style: 'yellow' } as const;
const AT_WORK = { shape: '↻', style: 'cyan' } as const;
const QUIET = { shape: '·', style: 'dim' } as const;
const LOOK: Readonly<Record<EventType, { readonly shape: string; readonly style: Style }>> = {
  'supervisor.started': QUIET, 'supervisor.stopped': QUIET, 'supervisor.woke': QUIET, 'state.set-aside': CARE,
  'service.up': GOOD, 'service.degraded': CARE, 'service.down': BAD, 'service.unknown': CARE, 'service.paused': QUIET, 'service.resumed': QUIET, 'service.stopped': QUIET, 'service.started': QUIET,
  'breaker.opened': BAD, 'breaker.half-opened': QUIET, 'breaker.closed': GOOD,
  'heal.started': AT_WORK, 'heal.succeeded': GOOD, 'heal.failed': BAD, 'heal.held': CARE,
  'alert.raised': BAD, 'alert.repeated': BAD, 'alert.resolved': GOOD, 'alert.delivered': QUIET, 'alert.undelivered': CARE, 'alert.acknowledged': QUIET, 'alert.snoozed': QUIET,
  'config.reloaded': GOOD, 'config.rejected': BAD,
};

/** One line an event, in the given order. */
export function describeEvents(events: readonly UpkeepEvent[], reader: Reader): string[] {
  return alignColumns(events.map((event) => eventCells(event, reader)));
}

function eventCells({ at, type, service, reason }: UpkeepEvent, { paint, now }: Reader): Cell[] {
  const { shape, style } = LOOK[type];
  return [
    { text: describeTime(at, now), paint: (text) => paint('dim', text) },
    { text: shape, paint: (text) => paint(style, text) },
    { text: service ?? 'upkeep' },
    { text: type.replace('.', ' ').replaceAll('-', ' '), paint: (text) => paint(style, text) },
    { text: reason ?? '' },
  ];
}
