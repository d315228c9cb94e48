// Asks for the last day of the services that are looked at, and of no others: a day is hundreds of numbers.
// What was known stays known while it is asked again, and while the list is scrolled nothing is asked.
import { useEffect, useRef } from 'preact/hooks';
import type { Overview } from '../../supervisor/contract/history.ts';
import { isSame } from '../../supervisor/contract/same.ts';
import type { Store } from '../store.ts';
import type { Day, Session } from './session.ts';

/** Parts of the day and minutes of the hour move slowly. */
const STALE_MS = 30_000;
const LOOK_EVERY_MS = 5_000;
/** Rows that stay in sight for so long are asked for. */
const SETTLED_MS = 100;

export function useDays(store: Store, { days }: Session, wanted: readonly string[]): void {
  const latest = useRef(wanted);
  latest.current = wanted;
  const look = useRef<() => void>(() => {});
  const isLive = store.isLive.value;

  useEffect(() => {
    if (!isLive) return undefined;
    const askedAt = new Map<string, number>();
    let isOver = false;
    look.current = () => {
      const now = performance.now();
      const services = latest.current.filter((id) => now - (askedAt.get(id) ?? -Infinity) >= STALE_MS);
      if (services.length === 0) return;
      for (const id of services) askedAt.set(id, now);
      void store.ask('overview', { services: [...services] }).then((answer) => {
        if (!isOver && answer.ok) days.value = mergeDays(days.value, answer.value);
      });
    };
    const timer = setInterval(look.current, LOOK_EVERY_MS);
    const stopListening = store.onEvent(({ type, service }) => { if (service !== undefined && (type === 'service.up' || type === 'service.down')) askedAt.delete(service); });
    return () => {
      isOver = true;
      look.current = () => {};
      clearInterval(timer);
      stopListening();
    };
  }, [store, days, isLive]);

  const key = wanted.join(' ');
  useEffect(() => {
    const timer = setTimeout(() => look.current(), SETTLED_MS);
    return () => clearTimeout(timer);
  }, [key, isLive]);
}

/** A day that says the same stays the same object, so that it is not drawn again. */
export function mergeDays(known: ReadonlyMap<string, Day>, { at, services }: Overview): ReadonlyMap<string, Day> {
  const next = new Map(known);
  for (const day of services) {
    const before = known.get(day.service);
    next.set(day.service, { at, day: before !== undefined && isSame(before.day, day) ? before.day : day });
  }
  return next;
}
