// What the panel needs from whoever shows it. In the desktop app the preload provides it as `window.upkeep`.
import type { PanelBridge } from '../supervisor/contract/panel.ts';

export type { Answer, DesktopActName, LinkState, PanelBridge, PanelMessage, StartAtLogin } from '../supervisor/contract/panel.ts';

declare global {
  interface Window { readonly upkeep?: PanelBridge }
}
