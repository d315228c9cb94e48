// Relative times, exact for the one who hovers.
import { useComputed } from '@preact/signals';
import type { Store } from '../store.ts';
import { exactTime, timeAgo, timePassed, type TimeView } from './words.ts';

export function Time({ time }: { readonly time: TimeView }) {
  return <time dateTime={time.iso} title={time.exact}>{time.text}</time>;
}

/** The same, moving by itself: only this text is drawn again as time passes, not what stands around it. */
export function Ago({ store, iso }: { readonly store: Store; readonly iso: string }) {
  return <time dateTime={iso} title={exactTime(iso)}><AgoText key={iso} store={store} iso={iso} /></time>;
}

/** How long it has been so: "for 5 min"; nothing in the first seconds. */
export function Lasting({ store, iso }: { readonly store: Store; readonly iso: string }) {
  return <time dateTime={iso} title={`since ${exactTime(iso)}`}><LastingText key={iso} store={store} iso={iso} /></time>;
}

function LastingText({ store, iso }: { readonly store: Store; readonly iso: string }) {
  const text = useComputed(() => timePassed(iso, store.nowMs.value));
  return <>{text}</>;
}

function AgoText({ store, iso }: { readonly store: Store; readonly iso: string }) {
  const text = useComputed(() => timeAgo(iso, store.nowMs.value));
  return <>{text}</>;
}
