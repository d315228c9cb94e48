// What a tray menu is made of. Plain values: electron/tray.ts makes the system's own menu of them.
import type { TrayAct } from './tray-act.ts';

export type MenuEntry =
  | { readonly kind: 'separator' }
  | { readonly kind: 'text'; readonly label: string }
  | { readonly kind: 'act'; readonly label: string; readonly enabled: boolean; readonly act: TrayAct }
  /** `gist`: what of the label is worth a new menu at once; the rest of its words may change many times a minute. */
  | { readonly kind: 'submenu'; readonly label: string; readonly gist: string; readonly entries: readonly MenuEntry[] };

const LABEL_LENGTH = 90;

export const SEPARATOR: MenuEntry = { kind: 'separator' };
export const text = (label: string): MenuEntry => ({ kind: 'text', label: shorten(label, LABEL_LENGTH) });
export const submenu = (label: string, entries: readonly MenuEntry[], gist = label): MenuEntry => ({ kind: 'submenu', label: shorten(label, LABEL_LENGTH), gist, entries });

/** The entries without the words that are not worth a new menu. */
export function gistOf(entries: readonly MenuEntry[]): readonly MenuEntry[] {
  return entries.map((entry) => (entry.kind === 'submenu' ? { ...entry, label: '', entries: gistOf(entry.entries) } : entry));
}

export function shorten(words: string, length: number): string {
  return words.length <= length ? words : `${words.slice(0, length - 1).trimEnd()}…`;
}
