// Remembers what a person chose on the overview for as long as the window lives, also across a reload: search, filter, order, dismissed failures.
import { signal, type Signal } from '@preact/signals';
import { type Choice, readChoice } from './choice.ts';

export interface Session {
  readonly choice: Signal<Choice>;
  /** Keys of failures a person has read. */
  readonly dismissed: Signal<ReadonlySet<string>>;
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
  return { choice, dismissed: signal<ReadonlySet<string>>(new Set()) };
}
