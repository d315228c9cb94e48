// Says what showed trouble and how a restart ended. Pure.
// The supervisor's own sentences are made of the same values; a page cannot import them, so these are the parts a page shows by themselves.
import type { ExitCause, HealResult, HealStep, Symptom } from '../../supervisor/contract/reason.ts';
import { span } from '../parts/words.ts';

/** One line without a full stop of its own; never nothing. */
const clause = (said: string): string => said.replace(/\s+/g, ' ').trim().replace(/\.+$/, '') || 'no details';

export const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;

export function describeExit(cause: ExitCause): string {
  switch (cause.kind) {
    case 'exit-code': return `it exited with code ${cause.code}`;
    case 'signal': return `it was killed by ${cause.signal}`;
    case 'out-of-memory': return 'it was killed because memory ran out';
    case 'start-limit': return "it hit its service manager's start limit";
    case 'not-running': return 'it is not running';
    case 'other': return clause(cause.text);
  }
}

/** Stands in the middle of a sentence. */
export const describeSymptom = (symptom: Symptom): string =>
  symptom.kind === 'exit' ? describeExit(symptom.cause) : `${checkName(symptom)}: ${clause(symptom.evidence)}`;

/** "http http://…" says it twice. */
export const checkName = ({ check, target }: { readonly check: string; readonly target: string }): string =>
  (target.startsWith(check) ? target : `${check} ${target}`.trim());

/** How a restart ended, in the middle of a sentence. */
export function describeResult(result: HealResult): string {
  switch (result.kind) {
    case 'fixed': return `up again after ${span(result.tookMs)}`;
    case 'not-fixed': return `not up after ${span(result.tookMs)}: ${clause(result.evidence)}`;
    case 'refused': return clause(result.refusal.message);
    case 'superseded': return 'something else took over';
    case 'interrupted': return 'Upkeep was interrupted while it restarted it';
  }
}

export const STEP_WORDS: Readonly<Record<HealStep, string>> = {
  stopping: 'Stopping', 'settling-after-stop': 'Settling after the stop', starting: 'Starting', 'settling-after-start': 'Settling after the start', verifying: 'Verifying',
};

export const actorName = (by: 'upkeep' | 'person'): string => (by === 'upkeep' ? 'Upkeep' : 'a person');
