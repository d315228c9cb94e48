// Says where the panel's page lives, what it may load, and which file an address of it stands for. Pure.
import { join, normalize, sep } from 'node:path';

export const SCHEME = 'app';
const HOST = 'panel';
export const PANEL_ORIGIN = `${SCHEME}://${HOST}`;
export const PANEL_ADDRESS = `${PANEL_ORIGIN}/index.html`;

export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'",
  "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
].join('; ');

/** Only what is below our own origin may be requested at all. */
export const isPanelAddress = (address: string): boolean => address.startsWith(`${PANEL_ORIGIN}/`);

/** The file an address stands for, or null when it names another host or leaves the folder. */
export function locatePanelFile(folder: string, address: string): string | null {
  let path: string;
  try {
    const url = new URL(address);
    if (url.protocol !== `${SCHEME}:` || url.host !== HOST) return null;
    path = decodeURIComponent(url.pathname);
  } catch {
    return null;
  }
  if (path.includes('\0') || path.includes('\\')) return null;
  const root = normalize(folder + sep);
  const file = join(root, path);
  return file.startsWith(root) && file !== root ? file : null;
}
