// Small texts the desktop app keeps in a file of its own folder between two runs.
// What cannot be kept is said and otherwise borne: none of it is worth bothering anybody.
import { readFileSync, writeFileSync } from 'node:fs';

/** null: there is none, or it cannot be read. */
export function readText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

/** Synchronous: the app may be quitting. */
export function keepText(file: string, text: string): void {
  try {
    writeFileSync(file, text, { mode: 0o600 });
  } catch (error) {
    process.stderr.write(`upkeep: ${file} cannot be written: ${String(error)}\n`);
  }
}
