// Shows notifications through node-notifier: on macOS, and on Linux where notify-send is older than 0.8 (there without a click).
// Its child cannot be ended from outside; the notice itself ends after a few seconds.
import type { DeliveryResult } from '../ports.ts';
import type { Shown } from './desktop-joining.ts';
import { escapeMarkup, oneLine, shorten, urgencyOf } from './desktop-notify-send.ts';

const SHOWN_WITHIN_MS = 10_000;
/** On macOS the library answers only when the notice was clicked or is over: it must be over before we give up on it. */
const ON_SCREEN_S = 8;

export interface LibraryNotification {
  readonly title: string;
  readonly message: string;
  readonly urgency: string;
  readonly timeout: number;
  readonly 'app-name': string;
}
/** Asks the library to show a notification. Calls back with an error, or with what the person did. May reject. */
export type ShowNotification = (notification: LibraryNotification, answer: (error: Error | string | null, response?: string) => void) => Promise<void>;

/** Each stands by itself: the library replaces nothing. */
export function showThroughLibrary(shown: Shown, signal: AbortSignal, show: ShowNotification, onClick: () => void): Promise<DeliveryResult> {
  return new Promise((resolve) => {
    if (signal.aborted) { resolve(refused('the delivery was called off')); return; }
    const settle = (result: DeliveryResult): void => {
      clearTimeout(deadline);
      signal.removeEventListener('abort', abort);
      resolve(result);
    };
    const abort = (): void => { settle(refused('the delivery was called off')); };
    const deadline = setTimeout(() => { settle(refused(`the notification was not shown within ${SHOWN_WITHIN_MS / 1_000} s`)); }, SHOWN_WITHIN_MS);
    signal.addEventListener('abort', abort);
    show(notificationOf(shown), (error, response) => {
      // A text is what the program printed to stderr although it ended well.
      if (error instanceof Error) { settle(refused(`the notification was not shown (${firstLine(error)})`)); return; }
      settle({ accepted: true });
      if (response === 'activate') onClick();
    }).catch((error: unknown) => { settle(refused(`the notification was not shown (${firstLine(error)})`)); });
  });
}

const notificationOf = (shown: Shown): LibraryNotification => ({
  title: asText(shown.title),
  message: asText(process.platform === 'darwin' ? shown.message : escapeMarkup(shown.message)),
  urgency: urgencyOf(shown), timeout: ON_SCREEN_S, 'app-name': 'Upkeep',
});

/** The library hands texts over as arguments without marking where options end. */
const asText = (text: string): string => oneLine(text).replace(/^-/, '\u2010') || ' ';

const firstLine = (error: unknown): string => shorten(oneLine((error instanceof Error ? error.message : String(error)).split('\n')[0] ?? ''));

const refused = (error: string): DeliveryResult => ({ accepted: false, unavailable: false, error });
