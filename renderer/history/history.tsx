// What has happened.
import type { Store } from '../store.ts';

export function HistoryScreen(_: { readonly store: Store; readonly service: string | null; readonly kind: string | null }) {
  return <h1>History</h1>;
}
