// What the command's exit codes mean, once for all commands.
import type { Overall } from '../supervisor/contract/snapshot.ts';

export const EXIT = {
  done: 0,
  /** An act was refused or failed; nobody is there to do it. */
  refused: 1,
  /** Bad usage, or an id that no service has. */
  usage: 64,
  /** Nothing is known: no running instance and no state. */
  nothingKnown: 69,
  /** A bug in Upkeep or a broken environment. */
  unexpected: 70,
  configuration: 78,
} as const;

/** What `status` and `check` end with. */
export const EXIT_OF_OVERALL: Readonly<Record<Overall, number>> = { healthy: 0, degraded: 1, failing: 2 };
