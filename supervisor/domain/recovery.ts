// Upkeep died while it was acting. What is left to do for that attempt, so that nothing is started twice and nothing stays stopped?
// Looks at what was written and what is found; performs nothing.
import type { Intent } from './state.ts';
import type { ManagerWord, RoundVerdict } from './verdict.ts';

export type Recovery =
  /** It serves: the attempt has done its work. */
  | { readonly kind: 'fixed' }
  /** It was stopped and not started again: finish the same attempt from the start on. */
  | { readonly kind: 'start' }
  /** It was started, or never stopped: give it its time and judge. */
  | { readonly kind: 'verify' };

/** `owned`: Upkeep runs it itself, so when it is gone nobody else will start it: a quit or a reboot in the middle has ended it too. */
export function recover(intent: Intent, found: RoundVerdict, word: ManagerWord | null, owned: boolean): Recovery {
  if (found.verdict === 'up' || found.verdict === 'degraded') return { kind: 'fixed' };
  const beforeStart = intent.step === 'stopping' || intent.step === 'settling-after-stop' || intent.step === 'starting';
  return (beforeStart || owned) && word?.state === 'exited' ? { kind: 'start' } : { kind: 'verify' };
}
