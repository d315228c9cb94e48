// Says in one sentence what became of an act. Pure.
import type { ActOutcome } from '../supervisor/contract/api.ts';
import type { Answer } from './bridge.ts';
import { count } from './parts/words.ts';

export interface Said { readonly ok: boolean; readonly text: string }

export function describeOutcomes(outcomes: readonly ActOutcome[]): Said {
  const failures = outcomes.filter(({ ok }) => !ok);
  const [first] = failures.length > 0 ? failures : outcomes;
  if (first === undefined) return { ok: true, text: 'There was nothing to do.' };
  if (failures.length > 0) return { ok: false, text: failures.length === 1 ? first.message : `${first.message} And ${count(failures.length - 1, 'more refusal')}.` };
  return { ok: true, text: outcomes.length === 1 ? first.message : `Done for ${count(outcomes.length, 'service')}.` };
}

export function describeAnswer(answer: Answer<ActOutcome | readonly ActOutcome[] | null>): Said | null {
  if (!answer.ok) return { ok: false, text: answer.error.message };
  if (answer.value === null) return null;
  return describeOutcomes('service' in answer.value ? [answer.value] : answer.value);
}
