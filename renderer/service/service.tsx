// One service.
import type { Store } from '../store.ts';

export function ServiceScreen({ service }: { readonly store: Store; readonly service: string }) {
  return <h1>{service}</h1>;
}
