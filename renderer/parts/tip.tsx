// A short text beside what the pointer or the focus is on. Above the page (a popover), so nothing clips it and nothing moves when it appears.
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

/** In pixels of the window: the middle of what it is about, and its edges. */
export interface TipPlace { readonly x: number; readonly top: number; readonly bottom: number }

/** Half of its width at most; nearer to an edge than this it would leave the window. */
const HALF_PX = 130;
const ROOM_ABOVE_PX = 44;

export function Tip({ place: { x, top, bottom }, children }: { readonly place: TipPlace; readonly children: ComponentChildren }) {
  const tip = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => { tip.current?.showPopover(); }, []);
  const { clientWidth } = document.documentElement;
  const isBelow = top < ROOM_ABOVE_PX;
  const middle = Math.min(Math.max(x, HALF_PX), Math.max(HALF_PX, clientWidth - HALF_PX));
  return <span ref={tip} popover="manual" class={`tip${isBelow ? ' is-below' : ''}`} style={{ left: `${middle}px`, top: `${isBelow ? bottom : top}px` }}>{children}</span>;
}
