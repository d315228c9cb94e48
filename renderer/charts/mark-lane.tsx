// The lane above the charts: one link for each incident, and for each restart that belongs to none.
import { useEffect, useRef, useState } from 'preact/hooks';
import { type Mark, type MarkKind, placeMarks } from './marks.ts';
import type { TimeWindow } from './spans.ts';

const MARK_WIDTH = 20;

const SHAPES: Readonly<Record<MarkKind, preact.ComponentChildren>> = {
  open: <><path d="M5.2 1.2h5.6l4 4v5.6l-4 4H5.2l-4-4V5.2Z" class="body" /><path d="m5.6 5.6 4.8 4.8m0-4.8-4.8 4.8" class="line" /></>,
  healed: <><circle cx="8" cy="8" r="7" class="body" /><path d="M11.6 8A3.7 3.7 0 1 1 9.9 4.9M10.4 2.9v2.4H8" class="line" /></>,
  over: <path d="M8 1.6 14.4 8 8 14.4 1.6 8Z" class="outline" />,
  restart: <path d="M13 8a5 5 0 1 1-2.1-4M11.4 1.2v3.2H8.2" class="outline" />,
};

export interface MarkLaneProps {
  readonly marks: readonly Mark[];
  readonly window: TimeWindow;
  readonly name: string;
  /** What the mark under the pointer or the focus says; null: none is. */
  readonly onTell: (told: string | null) => void;
}

export function MarkLane({ marks, window, name, onTell }: MarkLaneProps) {
  const lane = useRef<HTMLUListElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    if (lane.current === null) return undefined;
    const observer = new ResizeObserver(([entry]) => setWidth(entry?.contentRect.width ?? 0));
    observer.observe(lane.current);
    return () => observer.disconnect();
  }, []);
  const placed = width === 0 ? [] : placeMarks(marks, window, Math.max(1, Math.floor(width / MARK_WIDTH)));
  return (
    <ul class="mark-lane" ref={lane} aria-label={`Incidents and restarts of ${name}`}>
      {placed.map(({ key, kind, part, label, amount, hash }) => (
        <li key={key} style={{ left: `${part * 100}%` }}>
          <a
            href={hash} class={`chart-mark is-${kind}`} title={label} aria-label={amount === 1 ? label : `${amount} marks. ${label}`}
            onMouseEnter={() => onTell(label)} onMouseLeave={() => onTell(null)} onFocus={() => onTell(label)} onBlur={() => onTell(null)}
          >
            <svg viewBox="0 0 16 16" aria-hidden="true">{SHAPES[kind]}</svg>
            {amount > 1 && <span class="amount" aria-hidden="true">{amount}</span>}
          </a>
        </li>
      ))}
    </ul>
  );
}
