// Events on their way into the journal: written at once, or kept in memory and tried again until they can be.
// It never waits and never throws; what it keeps is bounded.
import type { UpkeepEvent } from '../contract/event.ts';

/** Between two attempts to write what waits. Trouble that is over by then is not worth a word. */
const RETRY_MS = 1_000;
/** Written in one go: the minute of five hundred services, and what a slow disk takes in a moment. */
const MOST_AT_ONCE = 2_000;
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
 * `writeSome` writes these events, and at most so many of what else there is to write, or throws and writes nothing; true: of that there is more.
 * `tell` gets one sentence when writing has failed for a second, when events are lost and when writing works again.
 * Begins with an attempt, so that trouble shows early.
 */
export function createWaitingLine(writeSome: (events: readonly UpkeepEvent[], most: number) => boolean, tell: (sentence: string) => void): WaitingLine {
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
    // Whether it works again shows with one, then with some: on a full disk every attempt with all of them would hold everything up.
    let most = lasting || retry !== null ? 1 : MOST_AT_ONCE;
    try {
      for (let more = true; more || waiting.length > 0; most = Math.min(most * 10, MOST_AT_ONCE)) {
        more = writeSome(waiting.slice(0, most), most);
        waiting = waiting.slice(most);
      }
    } catch (error) {
      retry ??= setTimeout(() => { retry = null; write(true); }, RETRY_MS).unref();
      if (!lasting || told) return;
      told = true;
      tell(`The history cannot be written: ${error instanceof Error ? error.message : String(error)}. Supervision goes on, and what happens is written as soon as it can be.`);
      return;
    }
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
