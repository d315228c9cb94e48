// Owns the tray icon and shows what tray-menu.ts describes. Touches only what has changed and at most once a second:
// a menu that is replaced closes under the user's hand. Decides nothing.
import { Menu, Tray, type MenuItemConstructorOptions, type NativeImage, type Rectangle } from 'electron';
import type { TrayAct } from './tray-act.ts';
import { gistOf, type MenuEntry } from './tray-entry.ts';
import type { TrayModel, TrayState } from './tray-menu.ts';

const SHORTEST_PAUSE_MS = 1_000;
/** Between two texts that differ in the words of a reason only, such as how slow an answer was. */
const WORDS_PAUSE_MS = 15_000;
// Keeps the icon at its place between runs; macOS (from Electron 39) and Windows look at it.
const GUID = '0b6f2f0a-6c1c-4d0e-9a57-6d0f3f6d2c11';

// Held by the module: a Tray that is only a local variable vanishes with the garbage.
let tray: Tray | null = null;

export interface TrayOptions {
  readonly icon: (state: TrayState) => NativeImage;
  readonly onAct: (act: TrayAct) => void;
}
export interface TrayOwner {
  show(model: TrayModel): void;
  /** All zeros where the system does not say. */
  bounds(): Rectangle;
  remove(): void;
}

/** Creates the icon; there can be one. */
export function createTray(first: TrayModel, { icon, onAct }: TrayOptions): TrayOwner {
  if (tray !== null) throw new Error('The tray icon exists already.');
  let shown: TrayModel | null = null;
  let wordsAtMs = 0;
  let wanted = first;
  let timer: NodeJS.Timeout | undefined;
  const icons = new Map<TrayState, NativeImage>();
  const iconOf = (state: TrayState) => {
    const known = icons.get(state) ?? icon(state);
    icons.set(state, known);
    return known;
  };

  tray = process.platform === 'linux' ? new Tray(iconOf(first.state)) : new Tray(iconOf(first.state), GUID);
  const mayChangeWords = () => !isSame(gistOf(shown?.entries ?? []), gistOf(wanted.entries)) || performance.now() - wordsAtMs >= WORDS_PAUSE_MS;
  const apply = () => {
    if (tray === null || tray.isDestroyed()) return;
    if (shown?.state !== wanted.state) tray.setImage(iconOf(wanted.state));
    // On Linux a new tooltip makes a new menu too (Chromium's StatusIconLinuxDbus puts it among the items), so both wait.
    const isNews = shown === null || mayChangeWords();
    if (isNews && shown?.tooltip !== wanted.tooltip) tray.setToolTip(wanted.tooltip);
    if (isNews && !isSame(shown?.entries, wanted.entries)) tray.setContextMenu(Menu.buildFromTemplate(wanted.entries.map((entry) => toItem(entry, onAct))));
    if (isNews) wordsAtMs = performance.now();
    shown = isNews || shown === null ? wanted : { ...shown, state: wanted.state };
  };
  // What may not be shown yet is looked at again until it is.
  const applyAndRest = () => {
    apply();
    timer = setTimeout(() => {
      timer = undefined;
      if (!isSame(shown, wanted)) applyAndRest();
    }, SHORTEST_PAUSE_MS);
  };
  applyAndRest();
  // Some panels open the menu on a left click themselves and never send one; others send it and open nothing.
  if (process.platform === 'linux') tray.on('click', () => onAct({ kind: 'panel' }));

  return {
    show(model) {
      wanted = model;
      if (timer === undefined && !isSame(shown, wanted)) applyAndRest();
    },
    bounds: () => (tray === null || tray.isDestroyed() ? { x: 0, y: 0, width: 0, height: 0 } : tray.getBounds()),
    remove() {
      clearTimeout(timer);
      if (tray !== null && !tray.isDestroyed()) tray.destroy();
      tray = null;
    },
  };
}

function toItem(entry: MenuEntry, onAct: (act: TrayAct) => void): MenuItemConstructorOptions {
  switch (entry.kind) {
    case 'separator': return { type: 'separator' };
    case 'text': return { label: escapeLabel(entry.label), enabled: false };
    case 'submenu': return { label: escapeLabel(entry.label), submenu: entry.entries.map((inner) => toItem(inner, onAct)) };
    case 'act': return { label: escapeLabel(entry.label), enabled: entry.enabled, click: () => onAct(entry.act) };
  }
}

/** A single & marks the letter behind it as the item's key. */
const escapeLabel = (label: string) => label.replaceAll('&', '&&');
const isSame = (left: unknown, right: unknown) => JSON.stringify(left) === JSON.stringify(right);
