// The only bridge between the panel and main: `window.upkeep`. Runs in the sandbox, so it may import Electron and constants.
// It knows the channels and lets a page choose among them; it checks nothing else: main checks every call for sender and schema.
import { contextBridge, ipcRenderer, type IpcRendererEvent } from 'electron';
import type { PanelBridge, PanelMessage } from '../supervisor/contract/panel.ts';
import {
  COMMAND_CHANNELS, DESKTOP_CHANNELS, isDesktopAct, isPageCommand, MESSAGE_CHANNEL, SUBSCRIBE_CHANNEL, UNSUBSCRIBE_CHANNEL,
} from './panel-message.ts';

// No exports: in CommonJS they would need `module`, which the sandbox does not have.
const bridge: PanelBridge = {
  call: (name, input) => (isPageCommand(name) ? ipcRenderer.invoke(COMMAND_CHANNELS[name], input) : unknown('command', name)),
  subscribe(listener) {
    const pass = (_event: IpcRendererEvent, message: PanelMessage) => listener(message);
    ipcRenderer.on(MESSAGE_CHANNEL, pass);
    void ipcRenderer.invoke(SUBSCRIBE_CHANNEL);
    return () => {
      ipcRenderer.off(MESSAGE_CHANNEL, pass);
      if (ipcRenderer.listenerCount(MESSAGE_CHANNEL) === 0) void ipcRenderer.invoke(UNSUBSCRIBE_CHANNEL);
    };
  },
  desktop: (name, input) => (isDesktopAct(name) ? ipcRenderer.invoke(DESKTOP_CHANNELS[name], input) : unknown('act', name)),
};

function unknown(what: string, name: string): Promise<never> {
  return Promise.reject(new Error(`A page has no ${what} "${name}".`));
}

contextBridge.exposeInMainWorld('upkeep', bridge);
