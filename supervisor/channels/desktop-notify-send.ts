// Shows notifications on a Linux desktop with notify-send 0.8 or newer: replaced in place, with a click that is told.
// node-notifier's own Linux backend can do none of that: it waits for no click, replaces nothing, and its child cannot be ended.
import type { DeliveryResult } from '../ports.ts';
import type { Shown } from './desktop-joining.ts';

export interface ProgramResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly notFound: boolean;
}
/** Runs a program to its end and never rejects; `onStdout` gets its output as it comes. */
export type RunProgram = (
  argv: readonly string[],
  options: { readonly timeoutMs: number; readonly signal: AbortSignal; readonly onStdout: (text: string) => void },
) => Promise<ProgramResult>;

const SHOWN_WITHIN_MS = 10_000;
/** How long a click on a notice is waited for. A critical one stays on the screen over night; a repeated one begins anew. */
const CLICK_WITHIN_MS = 24 * 3_600_000;
/** Each waits in a process of a few megabytes; beyond that the oldest notice loses its click. */
const MAX_WAITING = 16;
const CLICK = 'default';

/** What stands on the screen, and the process that waits for its click. */
interface Standing { readonly notificationId: string; readonly waiting: AbortController }

export interface NotifySendParts {
  readonly run: RunProgram;
  /** A person clicked the notification with that key. */
  readonly onClick: (key: string) => void;
  /** It has left the screen. */
  readonly onClosed: (key: string) => void;
}

export class NotifySend {
  readonly #parts: NotifySendParts;
  /** By key, oldest first. */
  readonly #standing = new Map<string, Standing>();
  readonly #running = new Set<AbortController>();

  constructor(parts: NotifySendParts) {
    this.#parts = parts;
  }

  /** In the place of what stands there under the same key. `too-old`: notify-send does not know the options this needs. */
  async show(key: string, shown: Shown, signal: AbortSignal): Promise<DeliveryResult | 'too-old'> {
    if (signal.aborted) return refused('the delivery was called off');
    const earlier = this.#standing.get(key);
    // Before the newer one starts: the click carries the notification's id, and both would tell it.
    earlier?.waiting.abort();
    return new Promise((resolve) => {
      const child = new AbortController();
      this.#running.add(child);
      const giveUp = (error: string) => (): void => { child.abort(); settle(refused(error)); };
      const abort = giveUp('the delivery was called off');
      const deadline = setTimeout(giveUp(`the notification service did not answer within ${SHOWN_WITHIN_MS / 1_000} s`), SHOWN_WITHIN_MS);
      const settle = (result: DeliveryResult | 'too-old'): void => {
        clearTimeout(deadline);
        signal.removeEventListener('abort', abort);
        resolve(result);
      };
      signal.addEventListener('abort', abort);
      let output = '';
      const onStdout = (text: string): void => {
        output += text;
        const [, notificationId] = /^(\d+)\n/.exec(output) ?? [];
        if (notificationId === undefined || child.signal.aborted) return;
        this.#remember(key, { notificationId, waiting: child });
        settle({ accepted: true });
      };
      void this.#parts.run(argvOf(shown, earlier?.notificationId), { timeoutMs: CLICK_WITHIN_MS, signal: child.signal, onStdout }).then((result) => {
        this.#running.delete(child);
        settle(judge(result));
        this.#over(key, child, result);
      });
    });
  }

  /** Ends every process that waits; the notices stay on the screen. */
  dispose(): void {
    for (const child of this.#running) child.abort();
    this.#standing.clear();
  }

  /** The process has ended by itself: the notification was clicked, closed, or its time was over. */
  #over(key: string, child: AbortController, { stdout }: ProgramResult): void {
    if (child.signal.aborted) return;
    if (stdout.split('\n').includes(CLICK)) this.#parts.onClick(key);
    // Its number is no longer ours: it may stand for somebody else's notification by now.
    if (this.#standing.get(key)?.waiting === child) this.#standing.delete(key);
    this.#parts.onClosed(key);
  }

  #remember(key: string, standing: Standing): void {
    this.#standing.delete(key);
    this.#standing.set(key, standing);
    const [oldest] = this.#standing;
    if (this.#standing.size <= MAX_WAITING || oldest === undefined) return;
    oldest[1].waiting.abort();
    this.#standing.delete(oldest[0]);
  }
}

function argvOf(shown: Shown, replaceId: string | undefined): string[] {
  return [
    // notify-send keeps the id in its buffer until it ends when its output is a pipe; as a line it comes at once.
    'stdbuf', '-oL', 'notify-send', '--print-id', `--action=${CLICK}=Open`, '--app-name=Upkeep',
    `--urgency=${urgencyOf(shown)}`, `--icon=${iconOf(shown)}`,
    ...(replaceId === undefined ? [] : [`--replace-id=${replaceId}`]),
    '--', oneLine(shown.title), escapeMarkup(oneLine(shown.message)),
  ];
}

function judge({ exitCode, stderr, notFound }: ProgramResult): DeliveryResult | 'too-old' {
  if (exitCode === 0) return { accepted: true };
  // 127 is stdbuf's word for "no such program".
  if (exitCode === 127) return { accepted: false, unavailable: true, error: 'notify-send is missing: install libnotify-bin' };
  if (notFound || stderr.includes('Unknown option')) return 'too-old';
  return refused(`notify-send failed: ${shorten(oneLine(stderr)) || `exit code ${exitCode ?? 'none'}`}`);
}

const refused = (error: string): DeliveryResult => ({ accepted: false, unavailable: false, error });

/** Critical notifications stay until they are looked at. */
export function urgencyOf({ isGoodNews, level }: Shown): 'critical' | 'normal' | 'low' {
  if (isGoodNews || level === 'warning') return 'normal';
  return level === 'critical' ? 'critical' : 'low';
}

function iconOf({ isGoodNews, level }: Shown): string {
  if (isGoodNews || level === 'info') return 'dialog-information';
  return level === 'critical' ? 'dialog-error' : 'dialog-warning';
}

export const oneLine = (text: string): string => text.replace(/[\s\p{Cc}]+/gu, ' ').trim();

/** What a program said, as part of a sentence. The mark of the cut is also how secrets are found that were cut. */
export const shorten = (text: string): string => (text.length > 200 ? `${text.slice(0, 200)}…` : text);

/** The body of a notification is markup, and a message may quote what a service answered. */
export const escapeMarkup = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
