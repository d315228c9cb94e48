// Serves the panel's files under a scheme of our own, app://panel, with a content security policy that allows nothing else.
// GET only. Everything a page wants done goes by IPC.
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { app, protocol } from 'electron';
import { CONTENT_SECURITY_POLICY, locatePanelFile, SCHEME } from './panel-address.ts';

const MIME_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
};

/** Makes it the only scheme that leads anywhere. Call before Electron is ready: later it listens to neither. */
export function declarePanelScheme(): void {
  // No name and no number is an address for Chromium: WebRTC and early connections pass no request filter. Checks run in Node.
  app.commandLine.appendSwitch('host-resolver-rules', 'MAP * ~NOTFOUND');
  protocol.registerSchemesAsPrivileged([{ scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } }]);
}

export function servePanel(folder: string): void {
  protocol.handle(SCHEME, (request) => respond(folder, request.method, request.url));
}

async function respond(folder: string, method: string, address: string): Promise<Response> {
  if (method !== 'GET') return refuse(405);
  const file = locatePanelFile(folder, address);
  const type = file === null ? undefined : MIME_TYPES[extname(file)];
  if (file === null || type === undefined) return refuse(404);
  try {
    // readFile reads inside an asar archive; net.fetch('file:') does not pass our own request filter.
    return new Response(await readFile(file), { headers: { ...HEADERS, 'content-type': type } });
  } catch {
    return refuse(404);
  }
}

const HEADERS = { 'content-security-policy': CONTENT_SECURITY_POLICY, 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' };
const refuse = (status: number) => new Response(null, { status, headers: HEADERS });
