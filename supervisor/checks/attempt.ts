// One run of a check: its clock, its deadline and its sockets. Settles exactly once, and then nothing of it is left.
// Never judges an answer: that is the check's own work.
import type { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import type { CheckContext, CheckOutcome } from '../ports.ts';

/** What the check is waiting for, as the time-out will tell it: `no answer` becomes `no answer within 5 s`. */
export interface Wait {
  readonly missing: string;
  /** The delay is this machine's (its name server), not the service's. */
  readonly ofMachine?: boolean;
}

export class Attempt {
  readonly outcome: Promise<CheckOutcome>;
  readonly #startedAt = performance.now();
  readonly #context: CheckContext;
  readonly #sockets: Socket[] = [];
  readonly #deadline: NodeJS.Timeout;
  #patience: NodeJS.Timeout | undefined;
  #concluded: CheckOutcome | null = null;
  #wait: Wait = { missing: 'no answer' };
  #resolve: (outcome: CheckOutcome) => void = () => undefined;
  #settled = false;

  constructor(context: CheckContext) {
    this.#context = context;
    this.outcome = new Promise((resolve) => { this.#resolve = resolve; });
    this.#deadline = setTimeout(() => { this.#timeOut(); }, context.timeoutMs);
    context.signal.addEventListener('abort', this.#abort);
    if (context.signal.aborted) this.#abort();
  }

  get settled(): boolean { return this.#settled; }

  /** Since the start, in tenths of a millisecond. */
  elapsedMs(): number { return Math.round((performance.now() - this.#startedAt) * 10) / 10; }

  waitFor(wait: Wait): void { this.#wait = wait; }

  /** Destroys the socket when the attempt ends, and keeps late errors of it from reaching anybody. */
  own<Kind extends Socket>(socket: Kind): Kind {
    socket.on('error', ignore);
    if (this.#settled) socket.destroy();
    else this.#sockets.push(socket);
    return socket;
  }

  fail(evidence: string): void { this.settle({ result: 'fail', latencyMs: this.elapsedMs(), evidence }); }

  /** The outcome is certain; what is left is to end the exchange politely. Settles after `withinMs` or at the deadline, unless `settle` comes first. */
  conclude(outcome: CheckOutcome, withinMs: number): void {
    if (this.#settled) return;
    this.#concluded = outcome;
    this.#patience = setTimeout(() => { this.settle(outcome); }, withinMs);
  }

  /** The first outcome counts; later ones are dropped. */
  settle(outcome: CheckOutcome): void {
    if (this.#settled) return;
    this.#settled = true;
    clearTimeout(this.#deadline);
    clearTimeout(this.#patience);
    this.#context.signal.removeEventListener('abort', this.#abort);
    for (const socket of this.#sockets) socket.destroy();
    this.#resolve(outcome);
  }

  #timeOut(): void {
    if (this.#concluded !== null) { this.settle(this.#concluded); return; }
    const evidence = `${this.#wait.missing} within ${describeMs(this.#context.timeoutMs)}`;
    this.settle(this.#wait.ofMachine === true ? { result: 'inconclusive', evidence } : { result: 'fail', latencyMs: null, evidence, timedOut: true });
  }

  readonly #abort = (): void => { this.settle({ result: 'inconclusive', evidence: 'the check was called off' }); };
}

/** Runs one attempt to its outcome. A bug in `begin` becomes an outcome too: one check must never end the round of all. */
export function runAttempt(context: CheckContext, begin: (attempt: Attempt) => void): Promise<CheckOutcome> {
  const attempt = new Attempt(context);
  try {
    if (!attempt.settled) begin(attempt);
  } catch (error) {
    attempt.settle({ result: 'inconclusive', evidence: `the check could not be made (${error instanceof Error ? error.name : 'unknown error'})` });
  }
  return attempt.outcome;
}

/** A time as evidence tells it: 250 -> "250 ms", 5000 -> "5 s", 1500 -> "1.5 s". */
export const describeMs = (ms: number): string => (ms < 1_000 ? `${Math.round(ms)} ms` : `${Math.round(ms / 100) / 10} s`);

const ignore = (): void => undefined;
