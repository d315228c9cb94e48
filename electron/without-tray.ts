// Stands in for the tray while there is none: says so once, and asks before the window that is all there is to see goes away.
// Words and answers stand in close-question.ts.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { app, dialog, type BrowserWindow } from 'electron';
import type { LinkState } from '../supervisor/contract/panel.ts';
import { askAboutClosing, type Closing, NO_TRAY, readAnswer, readRemembered, type Remembered } from './close-question.ts';
import { keepText, readText } from './kept-text.ts';

export interface WithoutTrayOptions {
  /** Where it is remembered what a person was told and chose. */
  readonly file: string;
  readonly hasTray: () => boolean;
  readonly link: () => LinkState;
  readonly quit: () => void;
}
export interface WithoutTray {
  /** What the person chose not to be asked again about; null: nothing. */
  readonly closing: Closing | null;
  /** Once ever. */
  tell(window: BrowserWindow): void;
  /** Whether the window may close now. When not, the person is asked, and it closes afterwards if they want. */
  mayClose(window: BrowserWindow): boolean;
}

export function liveWithoutTray({ file, hasTray, link, quit }: WithoutTrayOptions): WithoutTray {
  let remembered = readRemembered(readText(file));
  let isQuitting = false;
  let isAsking = false;
  app.once('before-quit', () => { isQuitting = true; });
  const remember = (news: Partial<Remembered>) => {
    remembered = { ...remembered, ...news };
    keepText(file, JSON.stringify(remembered));
  };
  const close = (window: BrowserWindow, how: Closing) => {
    if (how === 'quit') quit();
    else if (!window.isDestroyed()) window.destroy();
  };
  const ask = async (window: BrowserWindow): Promise<void> => {
    const { response, checkboxChecked } = await dialog.showMessageBox(window, { type: 'question', normalizeAccessKeys: true, ...askAboutClosing(link()) });
    const answer = readAnswer(response);
    if (answer === 'cancel') return;
    if (checkboxChecked) remember({ closing: answer });
    // The box is still being taken down: destroying its window under it ends the whole app with a segmentation fault (seen in Electron 25).
    await nextTurn();
    close(window, answer);
  };
  const complain = (error: unknown) => process.stderr.write(`upkeep: a question could not be asked: ${String(error)}\n`);

  return {
    get closing() { return remembered.closing; },
    tell(window) {
      if (remembered.isTold) return;
      const say = () => {
        remember({ isTold: true });
        dialog.showMessageBox(window, { type: 'info', ...NO_TRAY, buttons: [...NO_TRAY.buttons] }).catch(complain);
      };
      // Over a window that is not there yet, the dialog may never be seen.
      if (window.isVisible()) say();
      else window.once('show', say);
    },
    mayClose(window) {
      if (hasTray() || isQuitting || remembered.closing === 'background') return true;
      if (remembered.closing === 'quit') close(window, 'quit');
      else if (!isAsking) {
        isAsking = true;
        void ask(window).catch(complain).finally(() => { isAsking = false; });
      }
      return false;
    },
  };
}
