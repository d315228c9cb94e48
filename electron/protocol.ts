// Serves the panel's files under a scheme of our own, app://panel, with a content security policy that allows nothing else.
// GET only, nothing outside the panel's folder. Everything a page wants done goes by IPC.
import { readFile } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import { protocol } from 'electron';

const SCHEME = 'app';
export const PANEL_ORIGIN = `${SCHEME}://panel`;
export const PANEL_ADDRESS = `${PANEL_ORIGIN}/index.html`;

export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'",
  "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
].join('; ');

const MIME_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
};

/** Electron wants to know the scheme before it is ready. */
export function declarePanelScheme(): void {
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

/** The file an address stands for, or null when it names another host or leaves the folder. Pure. */
export function locatePanelFile(folder: string, address: string): string | null {
  let path: string;
  try {
    const url = new URL(address);
    if (url.protocol !== `${SCHEME}:` || url.host !== 'panel') return null;
    path = decodeURIComponent(url.pathname);
  } catch {
    return null;
  }
  if (path.includes('\0') || path.includes('\\')) return null;
  const root = normalize(folder + sep);
  const file = join(root, path);
  return file.startsWith(root) && file !== root ? file : null;
}
