// Paints what uPlot has no lines for: the bars of the availability chart, and what stood behind the latencies.
// It is given finished figures and decides nothing.
import type uPlot from 'uplot';
import type { Band } from './latency-grid.ts';
import { type Looks, patternOf } from './looks.ts';
import { barOf, type Slot } from './slots.ts';

/** In pixels of the page. */
const GAP = 1;
const LEAST = 5;

const ratioOf = (plot: uPlot): number => plot.ctx.canvas.width / Math.max(1, plot.width);

/** Up is filled, down is striped on its colour, unknown is dotted: each differs without colour. */
export function paintBars(plot: uPlot, slots: readonly Slot[], looks: Looks): void {
  const { ctx, bbox } = plot;
  const ratio = ratioOf(plot);
  const stripes = patternOf(ctx, 'stripes', looks.line, ratio);
  const dots = patternOf(ctx, 'dots', looks.unknown, ratio);
  within(plot, () => {
    for (const slot of slots) {
      const left = plot.valToPos(slot.fromMs / 1_000, 'x', true);
      const right = plot.valToPos(slot.toMs / 1_000, 'x', true);
      const gap = right - left > 4 * GAP * ratio ? GAP * ratio : 0;
      const width = Math.max(1, Math.round(right) - Math.round(left) - gap);
      const { up, down, unknown } = barOf(slot, bbox.height, LEAST * ratio);
      const x = Math.round(left);
      const fill = (style: string | CanvasPattern, y: number, height: number) => {
        ctx.fillStyle = style;
        ctx.fillRect(x, bbox.top + y, width, height);
      };
      if (unknown > 0) fill(dots, 0, unknown);
      if (up > 0) fill(looks.up, unknown, up);
      if (down > 0) {
        fill(looks.down, unknown + up, down);
        fill(stripes, unknown + up, down);
      }
    }
  });
}

/** Fainter than the bars, which say the same: here it is what stands behind the lines. */
const ALPHAS: Readonly<Record<Band['kind'], number>> = { down: 0.22, unknown: 0.45 };

/** Behind the lines, so that a gap says which kind of gap it is. */
export function paintBands(plot: uPlot, bands: readonly Band[], looks: Looks): void {
  const { ctx, bbox } = plot;
  const ratio = ratioOf(plot);
  const dots = patternOf(ctx, 'dots', looks.unknown, ratio);
  within(plot, () => {
    for (const { kind, fromMs, toMs } of bands) {
      const left = plot.valToPos(fromMs / 1_000, 'x', true);
      const width = Math.max(ratio, plot.valToPos(toMs / 1_000, 'x', true) - left);
      ctx.fillStyle = kind === 'down' ? looks.down : dots;
      ctx.globalAlpha = ALPHAS[kind];
      ctx.fillRect(left, bbox.top, width, bbox.height);
    }
  });
}

function within({ ctx, bbox }: uPlot, paint: () => void): void {
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  paint();
  ctx.restore();
}
