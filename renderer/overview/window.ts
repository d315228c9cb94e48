// Answers which rows of a long list are drawn: those in the window and some around it. Rows have one height, so nothing is measured. Pure.

/** In pixels, as the style sheet has them. */
export interface Sizes { readonly row: number; readonly head: number; readonly gap: number }
export interface Block { readonly rows: number; readonly hasHead: boolean }
/** Rows of a block that are drawn, the last one not included. */
export interface Shown { readonly first: number; readonly last: number }

/** Rows around the window, so that keys and a quick hand find them there. */
export const AROUND = 6;

/** `from`, `to`: the part of the list that is in the window, in pixels from its beginning. `around`: so many rows more on either side. */
export function shownRows(blocks: readonly Block[], { row, head, gap }: Sizes, from: number, to: number, around = AROUND): readonly Shown[] {
  let top = 0;
  return blocks.map(({ rows, hasHead }) => {
    const begin = top + (hasHead ? head : 0);
    top = begin + rows * row + gap;
    const first = Math.floor((from - begin) / row) - around;
    const last = Math.ceil((to - begin) / row) + around;
    return { first: Math.min(rows, Math.max(0, first)), last: Math.max(0, Math.min(rows, last)) };
  });
}

export const isSameShown = (left: readonly Shown[], right: readonly Shown[]): boolean =>
  left.length === right.length && left.every(({ first, last }, index) => first === right[index]?.first && last === right[index]?.last);
