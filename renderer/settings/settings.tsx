// Settings.
import type { Store } from '../store.ts';

export function SettingsScreen(_: { readonly store: Store }) {
  return <h1>Settings</h1>;
}
