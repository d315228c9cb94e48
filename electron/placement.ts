// Answers where the panel opens and how large: near the tray icon where the system tells where that is. Pure.

export interface Size { readonly width: number; readonly height: number }
export interface Area extends Size { readonly x: number; readonly y: number }

export const DEFAULT_SIZE: Size = { width: 900, height: 640 };
export const SMALLEST_SIZE: Size = { width: 380, height: 400 };
const LARGEST_SIDE = 10_000;
const GAP = 8;

/**
 * Upper left corner for a window of this size beside the icon, inside the work area. null: the system does not tell where
 * the icon is (Linux says 0, 0, 0, 0), so the window manager should choose.
 */
export function placeNear(icon: Area, size: Size, workArea: Area): { readonly x: number; readonly y: number } | null {
  if (icon.width === 0 || icon.height === 0) return null;
  const isAtTop = icon.y + icon.height / 2 < workArea.y + workArea.height / 2;
  const x = icon.x + icon.width / 2 - size.width / 2;
  const y = isAtTop ? icon.y + icon.height + GAP : icon.y - size.height - GAP;
  return {
    x: Math.round(clamp(x, workArea.x, workArea.x + workArea.width - size.width)),
    y: Math.round(clamp(y, workArea.y, workArea.y + workArea.height - size.height)),
  };
}

// A window larger than the work area begins at its edge, so that its title bar can be reached.
const clamp = (value: number, least: number, most: number) => Math.max(least, Math.min(value, most));

/** The size a person left the window with, from the text it was saved as; the default for anything that is none. */
export function readSize(text: string): Size {
  let saved: unknown;
  try {
    saved = JSON.parse(text);
  } catch {
    return DEFAULT_SIZE;
  }
  if (typeof saved !== 'object' || saved === null || !('width' in saved) || !('height' in saved)) return DEFAULT_SIZE;
  const { width, height } = saved;
  if (typeof width !== 'number' || typeof height !== 'number' || !(width <= LARGEST_SIDE) || !(height <= LARGEST_SIDE)) return DEFAULT_SIZE;
  return { width: Math.max(SMALLEST_SIZE.width, Math.round(width)), height: Math.max(SMALLEST_SIZE.height, Math.round(height)) };
}
