// One sentence for every reason. The same words in tray, panel, CLI, log, journal and notification.
// Turns values into text; decides nothing. Times of day come formatted from outside, since time zones are not the domain's.
import type { ExitCause, HealResult, HealStep, Hold, Reason, Symptom, WallMs } from '../contract/reason.ts';
import { describeElapsed } from './elapsed.ts';
import { wall } from './time.ts';

/** "14:32" of a moment, in the reader's time zone. */
export type FormatTime = (time: WallMs) => string;

/** What a check or a program has said, fit for the middle of a sentence: one line, no full stop of its own, never nothing. */
const clause = (said: string): string => said.replace(/\s+/g, ' ').trim().replace(/\.+$/, '') || 'no details';

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

/** A clause that stands after "because". */
export const describeSymptom = (symptom: Symptom): string =>
  symptom.kind === 'exit' ? describeExit(symptom.cause) : `${symptom.check} ${symptom.target}: ${clause(symptom.evidence)}`;

const because = (symptom: Symptom | null): string => (symptom === null ? '' : ` because ${describeSymptom(symptom)}`);
const nextPossible = (nextAtMs: number | null, format: FormatTime): string => (nextAtMs === null ? '' : `; next possible at ${format(wall(nextAtMs))}`);

export function describeHold(hold: Hold, format: FormatTime): string {
  const next = nextPossible(hold.nextAtMs, format);
  switch (hold.code) {
    case 'cooldown': return `last restart at ${format(wall(hold.lastHealAtMs))}, cooldown ${describeElapsed(hold.cooldownMs)}${next}`;
    case 'budget-spent': return hold.limit === 0 ? 'no automatic restarts are allowed (maxPerHour 0); restart it yourself' : `${hold.used} of ${hold.limit} restarts used in the last hour${next}`;
    case 'machine-budget-spent': return hold.limit === 0 ? 'no automatic restarts are allowed on this machine (healsPerHour 0); restart it yourself' : `${hold.used} of ${hold.limit} restarts of the whole machine used in the last hour${next}`;
    case 'heals-under-way': return `${hold.limit} ${hold.limit === 1 ? 'restart is' : 'restarts are'} under way already; next possible when one of them ends`;
    case 'just-woke': return `the machine has just woken up${next}`;
    case 'auto-off': return 'automatic healing is off; restart it yourself';
    case 'no-manager': return 'it is only watched; restart it yourself';
  }
}

/** Nothing for less than a second: an exit ends the wait early, and then the time says nothing. */
export const describeWait = (tookMs: number): string => (tookMs < 1_000 ? '' : ` within ${describeElapsed(tookMs)}`);

const STEP: Record<HealStep, string> = {
  stopping: 'stopping', 'settling-after-stop': 'settling after the stop', starting: 'starting', 'settling-after-start': 'settling after the start', verifying: 'checking whether it serves',
};

function describeFailure(result: HealResult): string {
  switch (result.kind) {
    case 'not-fixed': return `it did not come back${describeWait(result.tookMs)}: ${clause(result.evidence)}`;
    case 'refused': return clause(result.refusal.message);
    case 'superseded': return 'something else took over';
    case 'interrupted': return 'Upkeep was interrupted while it restarted it';
    case 'fixed': return `up again after ${describeElapsed(result.tookMs)}`;
  }
}

function describeHealth(checks: number): string {
  if (checks === 0) return 'It is running.';
  return checks === 1 ? 'Its check passes.' : `All ${checks} checks pass.`;
}

const notHelping = (times: number | undefined): string => (times === undefined ? '' : `restarting has not helped ${times} times; `);

/** Capital letter in front, full stop behind. */
const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
const byPerson = (by: 'upkeep' | 'person'): string => (by === 'person' ? ' on request' : '');

export function explain(reason: Reason, format: FormatTime): string {
  switch (reason.code) {
    case 'healthy': return describeHealth(reason.checks);
    case 'slow': return sentence(`slow: ${describeSymptom(reason.symptom)}`);
    case 'not-checked-yet': return 'Not checked yet.';
    case 'starting': return 'Starting.';
    case 'just-woke': return 'The machine has just woken up; nothing is judged yet.';
    case 'inconclusive': return sentence(`cannot tell: ${clause(reason.evidence)}`);
    case 'failing': return reason.symptom.kind === 'exit' || reason.failures >= reason.threshold ? sentence(`down: ${describeSymptom(reason.symptom)}`) : sentence(`failing (${reason.failures} of ${reason.threshold}): ${describeSymptom(reason.symptom)}`);
    case 'recovering': return `Recovering: ${reason.passes} of ${reason.threshold} passes in a row.`;
    case 'held': return reason.hold.code === 'no-manager' || reason.hold.code === 'auto-off'
      ? sentence(`down${reason.symptom === null ? '' : `: ${describeSymptom(reason.symptom)}`}; ${notHelping(reason.inVain)}${describeHold(reason.hold, format)}`)
      : sentence(`held: ${notHelping(reason.inVain)}${describeHold(reason.hold, format)}`);
    case 'healing': return sentence(`restarting${byPerson(reason.by)}${because(reason.symptom)}${reason.step === 'stopping' ? '' : `: ${STEP[reason.step]}`}`);
    case 'healed': return sentence(`restarted${byPerson(reason.by)} at ${format(wall(reason.atMs))}${because(reason.symptom)}; up again after ${describeElapsed(reason.tookMs)}`);
    case 'heal-failed': {
      const hold = reason.hold === null ? '' : nextPossible(reason.hold.nextAtMs, format);
      const what = reason.result.kind === 'refused' ? `could not restart at ${format(wall(reason.atMs))}: ` : `${reason.inVain === undefined ? '' : 'last '}restarted${byPerson(reason.by)} at ${format(wall(reason.atMs))}${because(reason.symptom)}, but `;
      return sentence(`${notHelping(reason.inVain)}${what}${describeFailure(reason.result)}${hold}`);
    }
    case 'paused': return reason.untilMs === null ? 'Paused until you resume it.' : `Paused until ${format(wall(reason.untilMs))}.`;
    case 'stopped-by-person': return 'Stopped; stays stopped until you start it.';
  }
}

/** What an alert says: as `explain`, with the trouble itself in front where the reason alone would not name it. */
export const explainAlert = (reason: Reason, format: FormatTime): string =>
  reason.code === 'held' && reason.symptom !== null && reason.hold.code !== 'no-manager' && reason.hold.code !== 'auto-off'
    ? sentence(`down: ${describeSymptom(reason.symptom)}; ${notHelping(reason.inVain)}held: ${describeHold(reason.hold, format)}`)
    : explain(reason, format);
