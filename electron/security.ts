// Shuts every door the panel does not need: permissions, navigation, new windows, embedded pages, all requests but the panel's own.
// Holds for every page and session there will ever be in this process.
import { app, session } from 'electron';
import { isPanelAddress } from './panel-address.ts';

/** Call once, when Electron is ready and before the first window. */
export function lockDown(): void {
  const { defaultSession } = session;
  defaultSession.setPermissionRequestHandler((_page, _permission, answer) => answer(false));
  defaultSession.setPermissionCheckHandler(() => false);
  defaultSession.setDevicePermissionHandler(() => false);
  defaultSession.webRequest.onBeforeRequest({ urls: ['<all_urls>'] }, ({ url }, answer) => answer({ cancel: !isPanelAddress(url) }));
  defaultSession.on('will-download', (event) => event.preventDefault());

  app.on('web-contents-created', (_event, page) => {
    page.on('will-navigate', (event) => event.preventDefault());
    page.on('will-redirect', (event) => event.preventDefault());
    page.on('will-attach-webview', (event) => event.preventDefault());
    page.setWindowOpenHandler(() => ({ action: 'deny' }));
  });
}
