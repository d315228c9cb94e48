// The two charts of a service, drawn by uPlot over one axis of time: latencies above, availability below.
// They are made once and given new figures, so nothing flickers. Whoever makes them stops them.
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { latencyCeiling, latencyLabel, TIME_STEPS, timeLabel } from './axis.ts';
import type { Band, LatencyGrid } from './latency-grid.ts';
import { type Looks, readLooks, watchTheme } from './looks.ts';
import { paintBands, paintBars } from './paint.ts';
import type { Slot } from './slots.ts';
import type { TimeWindow } from './spans.ts';

/** In pixels of the page; charts.css keeps the same room free, so that nothing moves when they come. */
const LATENCY_HEIGHT = 150;
const AVAILABILITY_HEIGHT = 74;
const LEFT = 52;
const TIME_AXIS = 24;
const LEAST_WIDTH = 200;

export interface Figures {
  readonly window: TimeWindow;
  readonly grid: LatencyGrid;
  readonly bands: readonly Band[];
  readonly slots: readonly Slot[];
  /** Whole days are those of UTC. */
  readonly isUtc: boolean;
}

export interface Plots {
  update(figures: Figures): void;
  /** Puts the cursor there, as a pointer would; null: away. */
  pointAt(atMs: number | null): void;
  /** Stopping twice is fine. */
  stop(): void;
}

let made = 0;

/** `onPoint`: where the pointer is, in milliseconds since 1970; null: nowhere. */
export function createPlots(host: HTMLElement, first: Figures, onPoint: (atMs: number | null) => void): Plots {
  let figures = first;
  let looks = readLooks(host);
  made += 1;
  const common = commonOptions(`charts-${made}`, () => figures, () => looks, onPoint);
  const widthOf = () => Math.max(LEAST_WIDTH, host.clientWidth);
  const latency = new uPlot({ ...latencyOptions(common, () => figures, () => looks), width: widthOf() }, latencyData(figures), host);
  const availability = new uPlot({ ...availabilityOptions(common, () => figures, () => looks), width: widthOf() }, availabilityData(figures), host);
  const both = [latency, availability];

  const resize = new ResizeObserver(() => {
    const width = widthOf();
    for (const plot of both) if (plot.width !== width) plot.setSize({ width, height: plot.height });
  });
  resize.observe(host);
  const unwatch = watchTheme(() => {
    looks = readLooks(host);
    for (const plot of both) plot.redraw(false, true);
  });

  return {
    update(next) {
      figures = next;
      latency.setData(latencyData(next));
      availability.setData(availabilityData(next));
    },
    pointAt(atMs) {
      for (const plot of both) plot.setCursor(atMs === null ? { left: -10, top: -10 } : { left: plot.valToPos(atMs / 1_000, 'x'), top: 1 });
    },
    stop() {
      resize.disconnect();
      unwatch();
      for (const plot of both) plot.destroy();
    },
  };
}

const latencyData = ({ grid }: Figures): uPlot.AlignedData => [grid.times, grid.p50, grid.p95];
const availabilityData = ({ slots }: Figures): uPlot.AlignedData => [slots.map(({ fromMs, toMs }) => (fromMs + toMs) / 2_000), slots.map(() => 1)];

type Common = Pick<uPlot.Options, 'legend' | 'cursor' | 'padding' | 'tzDate' | 'hooks'> & { readonly x: uPlot.Scale; readonly timeAxis: uPlot.Axis };

function commonOptions(key: string, figures: () => Figures, looks: () => Looks, onPoint: (atMs: number | null) => void): Common {
  return {
    legend: { show: false },
    padding: [6, 8, 0, 0],
    cursor: { y: false, drag: { setScale: false, x: false, y: false }, sync: { key }, points: { size: 7 } },
    tzDate: (atS) => (figures().isUtc ? uPlot.tzDate(new Date(atS * 1_000), 'Etc/UTC') : new Date(atS * 1_000)),
    hooks: { setCursor: [(plot) => { const { left = -1 } = plot.cursor; onPoint(left < 0 ? null : plot.posToVal(left, 'x') * 1_000); }] },
    x: { time: true, range: () => [figures().window.fromMs / 1_000, figures().window.toMs / 1_000] },
    timeAxis: {
      stroke: () => looks().ink, font: looks().font, incrs: [...TIME_STEPS], space: 62, size: TIME_AXIS, gap: 4,
      values: (_plot, splits, _axis, _space, stepS) => splits.map((atS) => timeLabel(atS, stepS, figures().isUtc)),
      grid: { stroke: () => looks().line, width: 1 }, ticks: { show: false },
    },
  };
}

function latencyOptions({ x, timeAxis, ...common }: Common, figures: () => Figures, looks: () => Looks): Omit<uPlot.Options, 'width'> {
  const line = { spanGaps: false } satisfies uPlot.Series;
  return {
    ...common, height: LATENCY_HEIGHT, class: 'latency-plot',
    scales: { x, y: { range: (_plot, _least, highest) => [0, latencyCeiling(highest)] } },
    // Thick and thin, so that nobody needs the colours; the room between them shows how much answers differ.
    series: [{}, { ...line, label: 'p50', width: 1.8, stroke: () => looks().p50 }, { ...line, label: 'p95', width: 0.8, stroke: () => looks().p95 }],
    bands: [{ series: [2, 1], fill: () => looks().between }],
    axes: [
      { ...timeAxis, values: (_plot, splits) => splits.map(() => ''), size: 6 },
      {
        stroke: () => looks().ink, font: looks().font, size: LEFT, gap: 6, space: 34, values: (_plot, splits) => splits.map(latencyLabel),
        grid: { stroke: () => looks().line, width: 1 }, ticks: { show: false },
      },
    ],
    hooks: { ...common.hooks, drawClear: [(plot) => paintBands(plot, figures().bands, looks())] },
  };
}

function availabilityOptions({ x, timeAxis, ...common }: Common, figures: () => Figures, looks: () => Looks): Omit<uPlot.Options, 'width'> {
  return {
    ...common, height: AVAILABILITY_HEIGHT, class: 'availability-plot',
    cursor: { ...common.cursor, points: { show: false } },
    scales: { x, y: { range: [0, 1] } },
    series: [{}, { paths: () => null, points: { show: false } }],
    axes: [
      { ...timeAxis, grid: { show: false } },
      { size: LEFT, gap: 6, stroke: () => looks().ink, font: looks().font, splits: [0, 1], values: () => ['', '100 %'], grid: { show: false }, ticks: { show: false } },
    ],
    hooks: { ...common.hooks, drawAxes: [(plot) => paintBars(plot, figures().slots, looks())] },
  };
}
