// Lays rows of cells out as lines with aligned columns. Pure.

export interface Cell { readonly text: string; /** Puts the colour on once the width is known. */ readonly paint?: (text: string) => string }

/** Texts come from services, too: what would steer the reader's terminal is shown as a replacement character. */
export function printable(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\u0000-\u001F\u007F-\u009F]/g, '\uFFFD');
}

/** The last column is as long as it likes; nothing is cut off. */
export function alignColumns(rows: readonly (readonly Cell[])[]): string[] {
  const shown = rows.map((row) => row.map(({ text, paint = (same: string) => same }) => ({ text: printable(text), paint })));
  const widths: number[] = [];
  for (const row of shown) for (const [column, { text }] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, [...text].length);
  return shown.map((row) => row
    .map(({ text, paint }, column) => paint(text) + (column === row.length - 1 ? '' : ' '.repeat((widths[column] ?? 0) - [...text].length)))
    .join('  ')
    .trimEnd());
}
