// The only bridge between the panel and main: `window.upkeep`. Runs in the sandbox, so it may import Electron and constants.
// It checks nothing: main checks every call for sender and schema.
import { contextBridge, ipcRenderer, type IpcRendererEvent } from 'electron';
import {
  COMMAND_CHANNEL, MESSAGE_CHANNEL, OPEN_URL_CHANNEL, QUIT_CHANNEL, SUBSCRIBE_CHANNEL, UNSUBSCRIBE_CHANNEL,
  type Bridge, type PanelMessage,
} from './panel-message.ts';

// No exports: in CommonJS they would need `module`, which the sandbox does not have.
const bridge: Bridge = {
  call: (name, input) => ipcRenderer.invoke(`${COMMAND_CHANNEL}${name}`, input),
  subscribe(listener) {
    const pass = (_event: IpcRendererEvent, message: PanelMessage) => listener(message);
    ipcRenderer.on(MESSAGE_CHANNEL, pass);
    void ipcRenderer.invoke(SUBSCRIBE_CHANNEL);
    return () => {
      ipcRenderer.off(MESSAGE_CHANNEL, pass);
      if (ipcRenderer.listenerCount(MESSAGE_CHANNEL) === 0) void ipcRenderer.invoke(UNSUBSCRIBE_CHANNEL);
    };
  },
  openUrl: (service) => ipcRenderer.invoke(OPEN_URL_CHANNEL, { service }),
  quit: () => ipcRenderer.invoke(QUIT_CHANNEL),
};

contextBridge.exposeInMainWorld('upkeep', bridge);
