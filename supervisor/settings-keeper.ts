// Holds what a person has set in the panel: a change is on disk before it holds.
// Knows nothing of what the settings mean.
import type { Settings } from './contract/settings.ts';
import type { SettingsStore } from './ports.ts';

export interface SettingsKeeper {
  get(): Settings;
  /** Resolves with what holds now. Rejects when it cannot be written; then the old settings hold on. */
  change(settings: Settings): Promise<Settings>;
}

export function createSettingsKeeper({ store, initial, changed }: { store: Pick<SettingsStore, 'save'>; initial: Settings; changed: () => void }): SettingsKeeper {
  let settings = initial;
  let turn: Promise<unknown> = Promise.resolve();
  const write = async (next: Settings): Promise<Settings> => {
    await store.save(next);
    settings = next;
    changed();
    return next;
  };
  return {
    get: () => settings,
    // One after the other: what is on disk and what holds are then the same, whoever came last.
    change(next) {
      const changing = turn.then(() => write(next));
      turn = changing.catch(() => undefined);
      return changing;
    },
  };
}
