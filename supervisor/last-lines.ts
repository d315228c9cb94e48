// What a service wrote before Upkeep touches it: evidence for the proof of a heal, read while the heal goes its way.
// Never delays a heal and never fails one; what is not there in time is not there.
import type { Clock, ServiceManager, Stop } from './ports.ts';

const LINES = 20;
const LONGEST_LINE = 500;
const WITHIN_MS = 1_000;

const shorten = (line: string): string => (line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE - 1)}…` : line);

/** `take` gets the lines, oldest first, if they can be had within a second. Begins to read at once; the returned function ends it. */
export function readLastLines(manager: ServiceManager, clock: Clock, take: (lines: readonly string[]) => void, failed: (error: unknown) => void): Stop {
  if (manager.log === undefined) return () => undefined;
  const reading = new AbortController();
  const stopTimer = clock.after(WITHIN_MS, () => reading.abort());
  const stop = (): void => {
    stopTimer();
    reading.abort();
  };
  manager.log(LINES, reading.signal).then((read) => {
    if (!reading.signal.aborted && read.ok) take(read.lines.map(shorten));
    stop();
  }).catch(failed);
  return stop;
}
