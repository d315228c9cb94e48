// Shows notices on a Linux desktop with notify-send 0.8 or newer: one notification an alert, replaced in place, with a click that is told.
// node-notifier's own Linux backend can do none of that: it waits for no click, replaces nothing, and its child cannot be ended.
import type { DeliveryResult, Notice } from '../ports.ts';

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

/** Of one alert: its notification and the process that waits for the click. */
interface Shown { readonly notificationId: string; readonly waiting: AbortController }

export class NotifySend {
  readonly #run: RunProgram;
  readonly #onClick: (serviceId: string) => void;
  /** By alert id, oldest first. */
  readonly #shown = new Map<string, Shown>();
  readonly #running = new Set<AbortController>();

  constructor(run: RunProgram, onClick: (serviceId: string) => void) {
    this.#run = run;
    this.#onClick = onClick;
  }

  /** `too-old`: notify-send does not know the options this needs. */
  async deliver(notice: Notice, signal: AbortSignal): Promise<DeliveryResult | 'too-old'> {
    if (signal.aborted) return refused('the delivery was called off');
    const earlier = this.#shown.get(notice.alertId);
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
        this.#remember(notice.alertId, { notificationId, waiting: child });
        settle({ accepted: true });
      };
      void this.#run(argvOf(notice, earlier?.notificationId), { timeoutMs: CLICK_WITHIN_MS, signal: child.signal, onStdout }).then((result) => {
        this.#running.delete(child);
        if (!child.signal.aborted && result.stdout.split('\n').includes(CLICK) && notice.service !== null) this.#onClick(notice.service.id);
        settle(judge(result));
      });
    });
  }

  /** Ends every process that waits; the notices stay on the screen. */
  dispose(): void {
    for (const child of this.#running) child.abort();
    this.#shown.clear();
  }

  #remember(alertId: string, shown: Shown): void {
    this.#shown.delete(alertId);
    this.#shown.set(alertId, shown);
    const [oldest] = this.#shown;
    if (this.#shown.size <= MAX_WAITING || oldest === undefined) return;
    oldest[1].waiting.abort();
    this.#shown.delete(oldest[0]);
  }
}

function argvOf(notice: Notice, replaceId: string | undefined): string[] {
  return [
    // notify-send keeps the id in its buffer until it ends when its output is a pipe; as a line it comes at once.
    'stdbuf', '-oL', 'notify-send', '--print-id', `--action=${CLICK}=Open`, '--app-name=Upkeep',
    `--urgency=${urgencyOf(notice)}`, `--icon=${iconOf(notice)}`,
    ...(replaceId === undefined ? [] : [`--replace-id=${replaceId}`]),
    '--', oneLine(notice.title), escapeMarkup(oneLine(notice.message)),
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

const isGoodNews = ({ kind }: Notice): boolean => kind === 'resolved' || kind === 'fixed';

/** Critical notifications stay until they are looked at. */
export function urgencyOf(notice: Notice): 'critical' | 'normal' | 'low' {
  if (isGoodNews(notice) || notice.level === 'warning') return 'normal';
  return notice.level === 'critical' ? 'critical' : 'low';
}

function iconOf(notice: Notice): string {
  if (isGoodNews(notice) || notice.level === 'info') return 'dialog-information';
  return notice.level === 'critical' ? 'dialog-error' : 'dialog-warning';
}

export const oneLine = (text: string): string => text.replace(/[\s\p{Cc}]+/gu, ' ').trim();

/** What a program said, as part of a sentence. The mark of the cut is also how secrets are found that were cut. */
export const shorten = (text: string): string => (text.length > 200 ? `${text.slice(0, 200)}…` : text);

/** The body of a notification is markup, and a message may quote what a service answered. */
export const escapeMarkup = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
