// The small picture of a state. Every state has a shape of its own, the same as in the tray, so nobody needs the colour.
import type { ServiceStatus } from '../../supervisor/contract/snapshot.ts';

/** Which mark stands beside it. `off`: Upkeep itself does not supervise. */
export type Mark = ServiceStatus | 'off';

const SHAPES: Record<Mark, preact.ComponentChildren> = {
  up: <><circle cx="8" cy="8" r="7" class="body" /><path d="M4.6 8.4 7 10.8l4.5-5.2" class="line" /></>,
  degraded: <><path d="M8 1.6 15 14H1Z" class="body round" /><path d="M8 6v3.6M8 12v.1" class="line" /></>,
  down: <><path d="M5.2 1.2h5.6l4 4v5.6l-4 4H5.2l-4-4V5.2Z" class="body" /><path d="m5.6 5.6 4.8 4.8m0-4.8-4.8 4.8" class="line" /></>,
  healing: <path d="M13.4 8A5.4 5.4 0 1 1 11.2 3.7M11.8.9v3.3H8.5" class="outline" />,
  paused: <><rect x="1.5" y="1.5" width="13" height="13" rx="2.5" class="body" /><path d="M6 5.4v5.2M10 5.4v5.2" class="line" /></>,
  stopped: <rect x="2.3" y="2.3" width="11.4" height="11.4" rx="2" class="outline" />,
  unknown: <circle cx="8" cy="8" r="6" class="outline dashed" />,
  off: <><circle cx="8" cy="8" r="6.2" class="outline" /><circle cx="8" cy="8" r="2" class="body" /></>,
};

/** Decoration: the word beside it says the same. */
export function StateMark({ mark }: { readonly mark: Mark }) {
  return <svg class={`mark is-${mark}`} viewBox="0 0 16 16" aria-hidden="true">{SHAPES[mark]}</svg>;
}

/** More to choose from. */
export function Dots() {
  return <svg class="dots" viewBox="0 0 16 16" aria-hidden="true"><path d="M3 8h.01M8 8h.01M13 8h.01" /></svg>;
}
