// The last 24 hours of a service in 48 parts. Up, down, partly and unknown differ by shape as well as by colour;
// the pointer or the arrow keys say one part in words.
import { useSignal } from '@preact/signals';
import type { TargetedKeyboardEvent, TargetedMouseEvent } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import { type BarPart, describePart, drawBar, summarizeBar } from './bar-view.ts';
import { Tip, type TipPlace } from './tip.tsx';

export interface DayBarProps {
  /** For screen readers: whose day it is. */
  readonly name: string;
  readonly bar: readonly BarPart[];
  /** The end of the bar, ISO 8601; empty: nothing is known yet. */
  readonly at: string;
  readonly availability: number | null;
}

export function DayBar({ name, bar, at, availability }: DayBarProps) {
  const chosen = useSignal<{ readonly index: number; readonly place: TipPlace } | null>(null);
  const paths = useMemo(() => drawBar(bar), [bar]);
  const choose = (index: number, picture: Element) => {
    const { left, top, bottom, width } = picture.getBoundingClientRect();
    chosen.value = { index, place: { x: left + ((index + 0.5) / bar.length) * width, top, bottom } };
  };
  const point = ({ currentTarget, clientX }: TargetedMouseEvent<Element>) => {
    const { left, width } = currentTarget.getBoundingClientRect();
    const index = Math.min(bar.length - 1, Math.max(0, Math.floor(((clientX - left) / width) * bar.length)));
    if (index !== chosen.value?.index) choose(index, currentTarget);
  };
  const move = (event: TargetedKeyboardEvent<Element>) => {
    const index = chosen.value?.index ?? bar.length - 1;
    const next = { ArrowLeft: index - 1, ArrowRight: index + 1, Home: 0, End: bar.length - 1 }[event.key];
    if (event.key === 'Escape') chosen.value = null;
    if (next === undefined) return;
    event.preventDefault();
    choose(Math.min(bar.length - 1, Math.max(0, next)), event.currentTarget);
  };
  const leave = () => { chosen.value = null; };
  const isChosen = chosen.value !== null;
  useEffect(() => {
    if (!isChosen) return undefined;
    // What it says would stay behind.
    const onScroll = () => { chosen.value = null; };
    window.addEventListener('scroll', onScroll, { passive: true });
    return () => window.removeEventListener('scroll', onScroll);
  }, [chosen, isChosen]);
  const part = chosen.value === null ? undefined : bar[chosen.value.index];
  return (
    <span
      class="day-bar" role="img" tabIndex={0} aria-label={`${name}: ${summarizeBar({ bar, availability })}`}
      onMouseMove={point} onFocus={({ currentTarget }) => { if (currentTarget.matches(':focus-visible')) choose(bar.length - 1, currentTarget); }}
      {...(chosen.value !== null && { onMouseLeave: leave, onBlur: leave, onKeyDown: move })}
    >
      <svg viewBox={`0 0 ${bar.length * 5} 24`} preserveAspectRatio="none" aria-hidden="true">
        {paths.unknown !== '' && <path class="is-unknown" d={paths.unknown} />}
        {paths.up !== '' && <path class="is-up" d={paths.up} />}
        {paths.down !== '' && <path class="is-down" d={paths.down} />}
      </svg>
      {chosen.value !== null && part !== undefined && at !== '' && <Tip place={chosen.value.place}>{describePart(part, chosen.value.index, Date.parse(at), bar.length)}</Tip>}
    </span>
  );
}
