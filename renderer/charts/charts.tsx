// Latency and availability of one service over time, with its incidents marked; the same by keyboard, and as a table.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { UpkeepEvent } from '../../supervisor/contract/event.ts';
import type { Incident, Series } from '../../supervisor/contract/history.ts';
import type { Store } from '../store.ts';
import { useAnswer } from '../use-answer.ts';
import { bandsOf, latencyGrid } from './latency-grid.ts';
import { MarkLane } from './mark-lane.tsx';
import { marksOf } from './marks.ts';
import { type Reading, readAll, readMoment, readSlot } from './moment.ts';
import { createPlots, type Figures, type Plots } from './plots.ts';
import { slotsOf } from './slots.ts';
import { beginningOf, shapeOf, type Span, SPANS } from './spans.ts';
import { FiguresTable } from './figures-table.tsx';
import './charts.css';

export interface ChartsProps {
  readonly store: Store;
  readonly service: string;
  readonly name: string;
  readonly incidents: readonly Incident[];
  readonly heals: readonly UpkeepEvent[];
}

export function Charts({ store, service, name, incidents, heals }: ChartsProps) {
  const [chosen, choose] = useState<Span>('24h');
  const nowMs = store.nowMs.value;
  const fromMs = beginningOf(chosen, nowMs);
  const asked = useAnswer(store, 'series', { service, from: new Date(fromMs).toISOString() }, {
    everyMs: shapeOf(chosen).askEveryMs,
    after: (event) => event.service === service && event.type.startsWith('service.'),
  });
  const series = useKept(asked.kind === 'ready' ? asked.value : null, chosen);
  return (
    <section class="charts" aria-label={`Latency and availability of ${name}`}>
      <div class="charts-head">
        <h2>Latency and availability</h2>
        <div class="chips" role="group" aria-label="Span of the charts">
          {SPANS.map((span) => <button key={span} type="button" class="chip" aria-pressed={span === chosen} onClick={() => choose(span)}>{shapeOf(span).label}</button>)}
        </div>
      </div>
      {series === null
        ? <p class="charts-wait" role={asked.kind === 'failed' ? 'alert' : 'status'}>{asked.kind === 'failed' ? `There are no charts: ${asked.message}` : store.isLive.value ? 'Reading what was measured …' : 'Upkeep does not answer, so what was measured cannot be asked for.'}</p>
        : <Drawn key={chosen} series={series} chosen={chosen} fromMs={fromMs} nowMs={nowMs} name={name} incidents={incidents} heals={heals} />}
    </section>
  );
}

/** The last answer stays while the next part of the same span is asked for. */
function useKept(fresh: Series | null, chosen: Span): Series | null {
  const kept = useRef<{ readonly chosen: Span; readonly series: Series } | null>(null);
  if (fresh !== null) kept.current = { chosen, series: fresh };
  return kept.current?.chosen === chosen ? kept.current.series : null;
}

interface DrawnProps extends Omit<ChartsProps, 'store' | 'service'> { readonly series: Series; readonly chosen: Span; readonly fromMs: number; readonly nowMs: number }

function Drawn({ series, chosen, fromMs, nowMs, name, incidents, heals }: DrawnProps) {
  const figures = useMemo((): Figures => {
    const window = { fromMs, toMs: Date.parse(series.to) };
    return {
      window, grid: latencyGrid(series, window), bands: bandsOf(series, window),
      slots: slotsOf(series, window, shapeOf(chosen).slotMs), isUtc: series.resolution === 'day',
    };
  }, [series, chosen, fromMs]);
  const [pointedMs, setPointedMs] = useState<number | null>(null);
  const [told, tell] = useState<string | null>(null);
  const { host, plots } = usePlots(figures, setPointedMs);
  const walk = useWalk(figures, plots, nowMs);
  const pointed = pointedMs === null ? null : walk.reading ?? readMoment(series, figures.slots, pointedMs, nowMs);
  const reading = pointed ?? readAll(figures.slots, chosen);
  const hasLatency = figures.grid.p50.some((value) => value !== null);
  return (
    <>
      <ReadingLine reading={reading} told={told} />
      <MarkLane marks={marksOf(incidents, heals, nowMs)} window={figures.window} name={name} onTell={tell} />
      <div
        class="plots" tabIndex={0} role="slider" aria-label={`Charts of ${name} over ${shapeOf(chosen).words}; arrow keys move through them`}
        aria-valuemin={0} aria-valuemax={Math.max(0, figures.slots.length - 1)} aria-valuenow={walk.index} aria-valuetext={inWords(walk.reading ?? reading)}
        onKeyDown={walk.onKeyDown} onBlur={walk.leave} onPointerMove={walk.forget}
      >
        <div ref={host} aria-hidden="true" />
        {!hasLatency && <p class="no-latency">No latency was measured in {shapeOf(chosen).words}.</p>}
      </div>
      <ul class="chart-legend" aria-label="What the charts show">
        <li><i class="swatch is-p50" />p50: half were faster</li>
        <li><i class="swatch is-p95" />p95: 95 of 100 were faster</li>
        <li><i class="swatch is-up" />up</li>
        <li><i class="swatch is-down" />down</li>
        <li><i class="swatch is-unknown" />unknown</li>
      </ul>
      <FiguresTable slots={figures.slots} nowMs={nowMs} name={name} />
    </>
  );
}

const inWords = ({ when, what }: Reading): string => `${when}: ${what.join(', ')}`;

function ReadingLine({ reading, told }: { readonly reading: Reading; readonly told: string | null }) {
  return (
    <p class="reading" data-testid="reading">
      {told === null ? <><b>{reading.when}</b>{reading.what.map((part) => <span key={part}>{part}</span>)}</> : <span>{told}</span>}
    </p>
  );
}

function usePlots(figures: Figures, onPoint: (atMs: number | null) => void) {
  const host = useRef<HTMLDivElement>(null);
  const plots = useRef<Plots | null>(null);
  const latest = useRef(figures);
  latest.current = figures;
  useEffect(() => {
    if (host.current === null) return undefined;
    const own = createPlots(host.current, latest.current, onPoint);
    plots.current = own;
    return () => {
      plots.current = null;
      own.stop();
    };
  }, [onPoint]);
  useEffect(() => { plots.current?.update(figures); }, [figures]);
  return { host, plots };
}

/** Walking through the slots with the keyboard. */
function useWalk({ slots }: Figures, plots: { readonly current: Plots | null }, nowMs: number) {
  const [index, setIndex] = useState<number | null>(null);
  const last = Math.max(0, slots.length - 1);
  const go = (to: number) => {
    const next = Math.min(last, Math.max(0, to));
    const slot = slots[next];
    if (slot === undefined) return;
    setIndex(next);
    plots.current?.pointAt((slot.fromMs + slot.toMs) / 2);
  };
  const leave = () => {
    if (index === null) return;
    setIndex(null);
    plots.current?.pointAt(null);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const from = index ?? last + 1;
    const to = { ArrowLeft: from - 1, ArrowDown: from - 1, ArrowRight: from + 1, ArrowUp: from + 1, PageDown: from - 10, PageUp: from + 10, Home: 0, End: last }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      go(to);
    } else if (event.key === 'Escape') leave();
  };
  const slot = index === null ? undefined : slots[index];
  return { index: index ?? last, reading: slot === undefined ? null : readSlot(slot, nowMs), onKeyDown, leave, forget: () => setIndex(null) };
}
