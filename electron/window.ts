// Owns the panel's window: opened on demand, destroyed when closed, because a hidden one keeps its renderer in memory.
// It remembers its size between runs and nothing else.
import { BrowserWindow, nativeTheme, screen, type Rectangle, type WebContents } from 'electron';
import { keepText, readText } from './kept-text.ts';
import { placeNear, readSize, SMALLEST_SIZE } from './placement.ts';
import { PANEL_ADDRESS } from './panel-address.ts';

export interface PanelWindowOptions {
  readonly preload: string;
  readonly icon: string;
  /** Where the size is kept. */
  readonly sizeFile: string;
  /** Where the tray icon is; all zeros where the system does not say. */
  readonly trayBounds: () => Rectangle;
  /** Whether it may close; whoever says no has a reason and may destroy it later. */
  readonly mayClose: (window: BrowserWindow) => boolean;
}
export interface PanelWindow {
  /** Opens it, or brings the open one to the front. */
  open(): BrowserWindow;
  /** The page of the open window; null while it is closed. */
  page(): WebContents | null;
}

// As in the page's own style sheet, so that opening does not flash.
const BACKGROUND = { light: '#f7f7f5', dark: '#17191c' };

export function createPanelWindow(options: PanelWindowOptions): PanelWindow {
  let window: BrowserWindow | null = null;
  const open = () => {
    if (window !== null) return bringForward(window);
    const opened = buildWindow(options);
    window = opened;
    opened.on('closed', () => { if (window === opened) window = null; });
    return opened;
  };
  return { open, page: () => (window === null || window.isDestroyed() ? null : window.webContents) };
}

function bringForward(window: BrowserWindow): BrowserWindow {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
  return window;
}

function buildWindow({ preload, icon, sizeFile, trayBounds, mayClose }: PanelWindowOptions): BrowserWindow {
  const size = readSize(readText(sizeFile) ?? '');
  const bounds = trayBounds();
  const place = placeNear(bounds, size, screen.getDisplayMatching(bounds).workArea);
  const window = new BrowserWindow({
    ...size, ...place, minWidth: SMALLEST_SIZE.width, minHeight: SMALLEST_SIZE.height,
    title: 'Upkeep', icon, show: false,
    backgroundColor: nativeTheme.shouldUseDarkColors ? BACKGROUND.dark : BACKGROUND.light,
    webPreferences: { preload, sandbox: true, contextIsolation: true, nodeIntegration: false, webviewTag: false, spellcheck: false },
  });
  window.setMenuBarVisibility(false);
  window.once('ready-to-show', () => window.show());
  window.on('close', (event) => {
    const { width, height } = window.getNormalBounds();
    keepText(sizeFile, JSON.stringify({ width, height }));
    if (!mayClose(window)) event.preventDefault();
  });
  // A dead page shows nothing and answers nothing: the next "open panel" starts afresh.
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    process.stderr.write(`upkeep: the panel's page ended: ${reason}\n`);
    window.destroy();
  });
  void window.loadURL(PANEL_ADDRESS).catch((error: unknown) => {
    process.stderr.write(`upkeep: the panel's page cannot be loaded: ${String(error)}\n`);
  });
  return window;
}
