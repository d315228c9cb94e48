// A relative time, exact for the one who hovers.
import type { TimeView } from './words.ts';

export function Time({ time }: { readonly time: TimeView }) {
  return <time dateTime={time.iso} title={time.exact}>{time.text}</time>;
}
