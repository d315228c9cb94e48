// Restarts and starts under way: each recorded on disk before it begins, at most one a service, its result handed back to the domain.
// Decides nothing; how an act is done stands in heal-procedure.ts.
import type { HealResult } from './contract/reason.ts';
import type { Intent } from './domain/state.ts';

export interface ActsParts {
  /** Resolves when the state, the intent in it, is on disk. */
  persist(): Promise<void>;
  /** What may be done while the intent is being written. */
  prepare(id: string, intent: Intent): void;
  perform(id: string, intent: Intent, recovering: boolean): Promise<HealResult>;
  /** The result is there, the act no longer under way. */
  ended(id: string, intent: Intent, result: HealResult): Promise<void>;
  failed(error: unknown): void;
}

export interface Acts {
  /** Heals under way. */
  healing(): number;
  /** The result of the act under way for this service; undefined: none is. */
  underWay(id: string): Promise<HealResult> | undefined;
  /** `began` is called once the intent is on disk; null: an earlier run of Upkeep began it. */
  begin(id: string, intent: Intent, began: (() => void) | null): void;
  /** Resolves when nothing is under way. */
  done(): Promise<void>;
}

const refused = (message: string): HealResult => ({ kind: 'refused', refusal: { code: 'failed', message } });

export function createActs({ persist, prepare, perform, ended, failed }: ActsParts): Acts {
  const acts = new Map<string, { readonly intent: Intent; readonly result: Promise<HealResult> }>();

  /** The intent first, on disk; then the act. Without a record of it only a person's act may go on. */
  async function attempt(id: string, intent: Intent, began: (() => void) | null): Promise<HealResult> {
    try {
      if (began !== null) prepare(id, intent);
      await persist();
      began?.();
    } catch (error) {
      failed(error);
      if (intent.by !== 'person') return refused('the state file cannot be written, so the restart could not be recorded first. Free disk space or mend its permissions.');
    }
    return perform(id, intent, began === null);
  }

  async function run(id: string, intent: Intent, began: (() => void) | null): Promise<HealResult> {
    const result = await attempt(id, intent, began).catch((error: unknown) => {
      failed(error);
      return refused('an internal error, see the log.');
    });
    acts.delete(id);
    await ended(id, intent, result);
    return result;
  }

  return {
    healing: () => [...acts.values()].filter(({ intent }) => intent.kind === 'heal').length,
    underWay: (id) => acts.get(id)?.result,
    begin(id, intent, began) {
      // The act begins only after this entry stands: whatever it does at once must find it.
      const result = Promise.resolve().then(() => run(id, intent, began));
      acts.set(id, { intent, result });
      result.catch(failed);
    },
    async done() {
      await Promise.all([...acts.values()].map(({ result }) => result.catch(failed)));
    },
  };
}
