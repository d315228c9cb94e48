// Answers what the page in a browser consists of, and what every answer to it forbids the browser to do.
// Whole files of a fixed list, read when the door opens: no address of a request ever becomes a path.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ApiError } from '../contract/api.ts';

export interface PanelFile { readonly type: string; readonly contents: Buffer }

const PAGE = 'index.html';
const FILES = [
  { name: PAGE, type: 'text/html; charset=utf-8' },
  { name: 'main.js', type: 'text/javascript; charset=utf-8' },
  { name: 'main.css', type: 'text/css; charset=utf-8' },
  { name: 'icon.png', type: 'image/png' },
] as const;

/** The page may load its own files and talk to us. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "connect-src 'self'",
  "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
].join('; ');

export const PANEL_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
};

/** By the path of their address. Rejects with `ApiError` when one is missing; `readFile` also reads inside an asar archive. */
export async function readPanelFiles(folder: string): Promise<ReadonlyMap<string, PanelFile>> {
  const read = FILES.map(async ({ name, type }): Promise<readonly [string, PanelFile]> => [`/${name}`, { type, contents: await readFile(join(folder, name)) }]);
  try {
    const files = new Map(await Promise.all(read));
    const page = files.get(`/${PAGE}`);
    return page === undefined ? files : files.set('/', page);
  } catch (error) {
    throw new ApiError('unavailable', `The panel's files cannot be read (${error instanceof Error ? error.message : String(error)}). Install Upkeep anew, or build it with "npm run build".`);
  }
}
