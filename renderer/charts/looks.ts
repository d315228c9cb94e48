// What charts look like: colours from the page's custom properties, and patterns, so that nobody needs the colours.
// Canvas cannot read style sheets, so it is told again when the theme changes.

export interface Looks {
  readonly ink: string;
  readonly line: string;
  readonly p50: string;
  readonly p95: string;
  readonly between: string;
  readonly up: string;
  readonly down: string;
  readonly unknown: string;
  readonly font: string;
}

const FONT_SIZE = '11px';

export function readLooks(element: Element): Looks {
  const style = getComputedStyle(element);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  return {
    ink: colour('--chart-ink'), line: colour('--chart-line'), p50: colour('--chart-p50'), p95: colour('--chart-p95'), between: colour('--chart-between'),
    up: colour('--chart-up'), down: colour('--chart-down'), unknown: colour('--chart-unknown'), font: `${FONT_SIZE} ${style.fontFamily}`,
  };
}

/** Calls back when the theme of the system or of the page may have changed. Returns the way to stop it. */
export function watchTheme(changed: () => void): () => void {
  const queries = ['(prefers-color-scheme: dark)', '(prefers-contrast: more)', '(forced-colors: active)'].map((query) => matchMedia(query));
  for (const query of queries) query.addEventListener('change', changed);
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme', 'class'] });
  return () => {
    for (const query of queries) query.removeEventListener('change', changed);
    observer.disconnect();
  };
}

/** `stripes`: down. `dots`: unknown. Both on nothing, so that they can lie over a colour. */
export type PatternKind = 'stripes' | 'dots';

const TILE = 6;

/** `ratio`: pixels of the canvas for one of the page. */
export function patternOf(context: CanvasRenderingContext2D, kind: PatternKind, colour: string, ratio: number): CanvasPattern | string {
  const tile = document.createElement('canvas');
  const size = Math.max(4, Math.round(TILE * ratio));
  tile.width = size;
  tile.height = size;
  const pen = tile.getContext('2d');
  if (pen === null) return colour;
  if (kind === 'dots') {
    pen.fillStyle = colour;
    pen.beginPath();
    pen.arc(size / 2, size / 2, Math.max(0.75, 0.9 * ratio), 0, 2 * Math.PI);
    pen.fill();
  } else {
    pen.strokeStyle = colour;
    pen.lineWidth = 1.6 * ratio;
    pen.beginPath();
    // Three strokes, so that the tiles join without a seam.
    for (const shift of [-size, 0, size]) { pen.moveTo(shift, size); pen.lineTo(shift + size, 0); }
    pen.stroke();
  }
  return context.createPattern(tile, 'repeat') ?? colour;
}
