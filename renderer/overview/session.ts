// Remembers what a person chose on the overview for as long as the window lives, also across a reload: search, filter, order, dismissed failures.
// And what is known of the last day, so that it is there when the screen is shown again.
import { signal, type Signal } from '@preact/signals';
import type { ServiceOverview } from '../parts/bar-view.ts';
import { type Choice, readChoice } from './choice.ts';

/** `at`: its end, ISO 8601. */
export interface Day { readonly at: string; readonly day: ServiceOverview }

export interface Session {
  readonly choice: Signal<Choice>;
  /** Keys of failures a person has read. */
  readonly dismissed: Signal<ReadonlySet<string>>;
  /** What is known of the services' last day, by id. */
  readonly days: Signal<ReadonlyMap<string, Day>>;
}

const KEY = 'overview';

let known: Session | undefined;

/** The same one each time: screens come and go. */
export function overviewSession(storage: Pick<Storage, 'getItem' | 'setItem'> = window.sessionStorage): Session {
  known ??= startSession(storage);
  return known;
}

function startSession(storage: Pick<Storage, 'getItem' | 'setItem'>): Session {
  const choice = signal(readChoice(storage.getItem(KEY)));
  // Not at every key.
  window.addEventListener('pagehide', () => storage.setItem(KEY, JSON.stringify(choice.value)));
  return { choice, dismissed: signal<ReadonlySet<string>>(new Set()), days: signal<ReadonlyMap<string, Day>>(new Map()) };
}
