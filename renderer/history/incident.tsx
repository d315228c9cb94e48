// One incident.
import type { Store } from '../store.ts';

export function IncidentScreen({ incident }: { readonly store: Store; readonly incident: string }) {
  return <h1>{incident}</h1>;
}
