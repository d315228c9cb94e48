// settings.json: what a person has set in the panel. A missing file gives the defaults; one that cannot be used is set aside and gives them too.
// Never leaves half a file behind, never throws a damaged one away.
import { readFile } from 'node:fs/promises';
import { DEFAULT_SETTINGS, settingsSchema, type Settings } from '../contract/settings.ts';
import type { SettingsStore } from '../ports.ts';
import { clearHalfWritten, setAside, writeDurably } from './durable-file.ts';
import { errorCode } from './set-aside.ts';

/** Only the holder of the data folder's lock may open it: `load` clears away what an earlier crash left behind. Saves must not overlap. */
export function openSettingsFile(file: string): SettingsStore {
  return {
    async load() {
      await clearHalfWritten(file);
      const read = await readSettings(file);
      if ('settings' in read) return { settings: read.settings, setAside: null, why: null };
      return { settings: DEFAULT_SETTINGS, setAside: await setAside(file), why: read.why };
    },
    save: (settings) => writeDurably(file, `${JSON.stringify(settings, null, 2)}\n`),
  };
}

/** `why`: the file is there but cannot be used; a clause. */
async function readSettings(file: string): Promise<{ readonly settings: Settings } | { readonly why: string }> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return { settings: DEFAULT_SETTINGS };
    // A theme and quiet hours are no reason to look after nothing.
    return { why: `it cannot be read (${errorCode(error) ?? String(error)})` };
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { why: text.trim() === '' ? 'it is empty' : 'it is not JSON' };
  }
  const parsed = settingsSchema.safeParse(value);
  if (parsed.success) return { settings: parsed.data };
  const [issue] = parsed.error.issues;
  return { why: `${issue === undefined || issue.path.length === 0 ? 'its content' : `"${issue.path.join('.')}" in it`} is not as expected` };
}
