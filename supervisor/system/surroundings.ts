// What Upkeep runs in: runtime, operating system, memory, and where programs are looked for.
import { stat } from 'node:fs/promises';
import { release, type } from 'node:os';
import { delimiter } from 'node:path';
import type { Surroundings } from '../ports.ts';

const { electron, chrome, node } = process.versions;

export const surroundings: Surroundings = {
  runtime: electron === undefined ? `Node ${node}` : `Electron ${electron} (Node ${node}, Chromium ${chrome ?? ''})`,
  system: `${type()} ${release()} (${process.arch})`,
  memoryBytes: () => process.memoryUsage.rss(),
  // An empty entry means the current folder, which is nothing to rely on; nobody writes one on purpose.
  searchPath: () => Promise.all((process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '').map(async (folder) => ({ folder, exists: await isFolder(folder) }))),
};

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() ?? false;
}
