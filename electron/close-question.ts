// Answers what a person without a tray is told and asked, and what is remembered of it. Pure.
import type { LinkState } from '../supervisor/contract/panel.ts';

/** What closing the window does where no tray keeps Upkeep in sight. */
export type Closing = 'background' | 'quit';

/** Between two runs. */
export interface Remembered {
  /** The person has read that there is no tray. */
  readonly isTold: boolean;
  /** null: ask each time. */
  readonly closing: Closing | null;
}

export function readRemembered(text: string | null): Remembered {
  let kept: unknown;
  try {
    kept = JSON.parse(text ?? '');
  } catch {
    kept = null;
  }
  const valueOf = (key: string): unknown => (typeof kept === 'object' && kept !== null ? Reflect.get(kept, key) : undefined);
  const closing = valueOf('closing');
  return { isTold: valueOf('isTold') === true, closing: closing === 'background' || closing === 'quit' ? closing : null };
}

export const NO_TRAY = {
  title: 'Upkeep without a tray',
  message: 'This desktop shows no tray icons.',
  detail: 'Upkeep opens this window instead, and moves to the tray as soon as there is one. '
    + 'On GNOME the extension "AppIndicator and KStatusNotifierItem Support" adds one.',
  buttons: ['OK'],
} as const;

/** Each with the letter that chooses it. The first is what Return chooses, the last what Escape does. */
const CHOICES = [
  { label: 'Keep &running', answer: 'background' },
  { label: '&Quit Upkeep', answer: 'quit' },
  { label: '&Cancel', answer: 'cancel' },
] as const;

export function askAboutClosing(link: LinkState) {
  const quitting = link.kind === 'attached'
    ? 'If you quit, supervision goes on in the Upkeep that runs besides.'
    : 'If you quit, nothing is supervised any more, and the services that Upkeep started are stopped.';
  return {
    title: 'Closing Upkeep',
    message: 'Keep Upkeep running without its window?',
    detail: `In the background it goes on supervising; opening Upkeep again shows the window. ${quitting}`,
    buttons: CHOICES.map(({ label }) => label), defaultId: 0, cancelId: CHOICES.length - 1, checkboxLabel: "Don't ask again",
  };
}

/** @param response number of the button */
export const readAnswer = (response: number): Closing | 'cancel' => CHOICES[response]?.answer ?? 'cancel';
