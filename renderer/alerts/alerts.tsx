// Alerts.
import type { Store } from '../store.ts';

export function AlertsScreen(_: { readonly store: Store }) {
  return <h1>Alerts</h1>;
}
