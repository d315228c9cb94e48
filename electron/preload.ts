// The only bridge between the panel and main: `window.upkeep`. Runs in the sandbox, so it may import Electron and constants.
// It knows the channels and lets a page choose among them; it checks nothing else: main checks every call for sender and schema.
import { contextBridge, ipcRenderer, type IpcRendererEvent } from 'electron';
import type { PanelBridge, PanelMessage } from '../supervisor/contract/panel.ts';
import {
  COMMAND_CHANNELS, DESKTOP_CHANNELS, isDesktopAct, isPageCommand, MESSAGE_CHANNEL, SUBSCRIBE_CHANNEL,
} from './panel-message.ts';

const MOST_EARLY = 100;

const listeners = new Set<(message: PanelMessage) => void>();
/** What nobody has heard yet. */
let early: PanelMessage[] = [];
/** Whether who listens next hears everything: it has been asked for and is in `early` or on its way. */
let isAsked = false;
ipcRenderer.on(MESSAGE_CHANNEL, (_event: IpcRendererEvent, message: PanelMessage) => {
  for (const listener of listeners) listener(message);
  if (listeners.size > 0 || !isAsked) return;
  isAsked = early.length < MOST_EARLY;
  early = isAsked ? [...early, message] : [];
});
function ask(): void {
  isAsked = true;
  void ipcRenderer.invoke(SUBSCRIBE_CHANNEL);
}
// Before the page's own script is even read, so that the first thing the page draws has something to show.
ask();

// No exports: in CommonJS they would need `module`, which the sandbox does not have.
const bridge: PanelBridge = {
  call: (name, input) => (isPageCommand(name) ? ipcRenderer.invoke(COMMAND_CHANNELS[name], input) : unknown('command', name)),
  subscribe(listener) {
    listeners.add(listener);
    if (!isAsked) ask();
    for (const message of early) listener(message);
    early = [];
    isAsked = false;
    return () => { listeners.delete(listener); };
  },
  desktop: (name, input) => (isDesktopAct(name) ? ipcRenderer.invoke(DESKTOP_CHANNELS[name], input) : unknown('act', name)),
};

function unknown(what: string, name: string): Promise<never> {
  return Promise.reject(new Error(`A page has no ${what} "${name}".`));
}

contextBridge.exposeInMainWorld('upkeep', bridge);
