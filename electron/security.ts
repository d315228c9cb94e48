// Shuts every door the panel does not need: permissions, navigation, new windows, embedded pages, all requests but the panel's own.
// Holds for every page and session there will ever be in this process.
import { app, session, type Session } from 'electron';
import { isPanelAddress } from './panel-address.ts';

/** Call once, when Electron is ready and before the first window. */
export function lockDown(): void {
  lockSession(session.defaultSession);
  app.on('session-created', lockSession);

  app.on('web-contents-created', (_event, page) => {
    page.on('will-navigate', (event) => event.preventDefault());
    page.on('will-redirect', (event) => event.preventDefault());
    page.on('will-attach-webview', (event) => event.preventDefault());
    // Packets of WebRTC need no address to be looked up.
    page.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
    page.setWindowOpenHandler(() => ({ action: 'deny' }));
  });
}

function lockSession(of: Session): void {
  of.setPermissionRequestHandler((_page, _permission, answer) => answer(false));
  of.setPermissionCheckHandler(() => false);
  of.setDevicePermissionHandler(() => false);
  of.webRequest.onBeforeRequest({ urls: ['<all_urls>'] }, ({ url }, answer) => answer({ cancel: !isPanelAddress(url) }));
  of.on('will-download', (event) => event.preventDefault());
}
