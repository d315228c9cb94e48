// Events on their way into the journal: written at once, or kept in memory and tried again until they can be.
// It never waits and never throws; what it keeps is bounded.
import type { UpkeepEvent } from '../contract/event.ts';

/** Between two attempts to write what waits. Trouble that is over by then is not worth a word. */
const RETRY_MS = 1_000;
/** Events that may wait: some megabytes, and many hours of them. */
const MAX_WAITING = 10_000;

export interface WaitingLine {
  add(event: UpkeepEvent): void;
  /** Tries to write what waits. */
  write(): void;
  /** Oldest first. */
  events(): readonly UpkeepEvent[];
  /** The last attempt has failed. */
  failing(): boolean;
  /** Tries a last time and says what is lost. */
  end(): void;
}

/**
 * `writeAll` writes all or throws. `tell` gets one sentence when writing has failed for a second, when events are lost and when writing works again.
 * Begins with an attempt, so that trouble shows early.
 */
export function createWaitingLine(writeAll: (events: readonly UpkeepEvent[]) => void, tell: (sentence: string) => void): WaitingLine {
  let waiting: UpkeepEvent[] = [];
  let lost = 0;
  let told = false;
  let retry: NodeJS.Timeout | null = null;

  const stopRetrying = (): void => {
    if (retry !== null) clearTimeout(retry);
    retry = null;
  };
  const recover = (): void => {
    stopRetrying();
    const sentence = `The history is written again; ${lost === 0 ? 'nothing is missing' : `events missing: ${lost}`}.`;
    const wasKnown = told || lost > 0;
    told = false;
    lost = 0;
    if (wasKnown) tell(sentence);
  };
  /** `lasting`: an earlier attempt has failed, too. */
  const write = (lasting = false): void => {
    try {
      writeAll(waiting);
    } catch (error) {
      retry ??= setTimeout(() => { retry = null; write(true); }, RETRY_MS).unref();
      if (!lasting || told) return;
      told = true;
      tell(`The history cannot be written: ${error instanceof Error ? error.message : String(error)}. Supervision goes on, and what happens is written as soon as it can be.`);
      return;
    }
    waiting = [];
    recover();
  };
  const makeRoom = (): void => {
    if (waiting.length <= MAX_WAITING) return;
    waiting.shift();
    lost += 1;
    if (lost === 1) tell(`More than ${MAX_WAITING} events wait to be written to the history; the oldest are dropped.`);
  };

  write();
  return {
    add(event) {
      waiting.push(event);
      write();
      makeRoom();
    },
    write: () => { write(); },
    events: () => waiting,
    failing: () => retry !== null,
    end() {
      write();
      stopRetrying();
      if (waiting.length > 0) tell(`The history could not be written before the end; events missing: ${waiting.length}.`);
    },
  };
}
