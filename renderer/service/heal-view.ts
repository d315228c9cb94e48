// Answers what one heal leaves as proof: what showed the trouble, what was done when, how it was verified, what it cost. Pure.
import type { UpkeepEvent } from '../../supervisor/contract/event.ts';
import type { HealProof } from '../../supervisor/contract/heal-proof.ts';
import { healProofOf } from '../../supervisor/contract/heal-proof-of.ts';
import { count, exactTime, span, timeView, type TimeView } from '../parts/words.ts';
import { hashOf } from '../route.ts';
import { actorName, checkName, describeExit, describeResult, sentence, STEP_WORDS } from './causes.ts';

export interface HealStepView { readonly key: string; readonly label: string; /** After its beginning. */ readonly at: string; readonly took: string }
export interface HealView {
  readonly key: string;
  readonly mark: 'good' | 'bad' | 'quiet';
  readonly title: string;
  readonly at: TimeView;
  readonly by: string;
  /** Empty: an earlier version left no more than its sentence. */
  readonly facts: readonly { readonly label: string; readonly value: string }[];
  readonly steps: readonly HealStepView[];
  /** The last lines it wrote before. */
  readonly log: readonly string[];
  /** Address of the incident it belongs to. */
  readonly incident: string | null;
}

/** null: it is no end of a heal. `key` is that of its attempt where it is known. */
export function describeHeal(event: UpkeepEvent, nowMs: number): HealView | null {
  if (event.type !== 'heal.succeeded' && event.type !== 'heal.failed') return null;
  const proof = healProofOf(event);
  if (proof === null) return describeWithoutProof(event, nowMs);
  const { result, steps, log, incident, attempt, by } = proof;
  return {
    key: attempt,
    mark: result.kind === 'fixed' ? 'good' : result.kind === 'superseded' ? 'quiet' : 'bad',
    title: `Restarted by ${actorName(by)}: ${describeResult(result)}`,
    at: timeView(event.at, nowMs), by: actorName(by),
    facts: factsOf(proof), steps: describeSteps(steps, endOf(proof)), log,
    incident: incident === null ? null : hashOf({ screen: 'incident', incident }),
  };
}

function describeWithoutProof(event: UpkeepEvent, nowMs: number): HealView {
  const isGood = event.type === 'heal.succeeded';
  const attempt = event['attempt'];
  return {
    key: typeof attempt === 'string' ? attempt : `${event.at} ${event.type}`, mark: isGood ? 'good' : 'bad', title: event.reason ?? (isGood ? 'Healed.' : 'Not healed.'),
    at: timeView(event.at, nowMs), by: event['by'] === 'person' ? actorName('person') : actorName('upkeep'), facts: [], steps: [], log: [], incident: null,
  };
}

/** How long it took, in milliseconds; null: it is not known. */
function endOf({ result }: HealProof): number | null {
  return result.kind === 'fixed' || result.kind === 'not-fixed' ? result.tookMs : null;
}

function factsOf({ symptom, result, verification, lostMs, manager, by }: HealProof): { label: string; value: string }[] {
  const shown = symptom === null ? [{ label: 'Why', value: by === 'person' ? 'A person wanted it; nothing had failed.' : 'Nothing had failed.' }]
    : symptom.kind === 'exit' ? [{ label: 'What showed it', value: sentence(describeExit(symptom.cause)) }]
      : [{ label: 'What showed it', value: `The check ${checkName(symptom)}` }, { label: 'Evidence', value: symptom.evidence }];
  const { rounds, passed } = verification;
  const verified = rounds === 0 ? 'No round of checks was run.' : `${passed} of ${count(rounds, 'round')} of its checks passed.`;
  return [
    ...shown,
    { label: 'Done through', value: manager },
    { label: 'Verified', value: verified },
    { label: 'Outcome', value: sentence(describeResult(result)) },
    ...(symptom === null ? [] : [{ label: 'Time lost', value: `${span(lostMs)} from the first symptom` }]),
  ];
}

function describeSteps(steps: HealProof['steps'], endMs: number | null): HealStepView[] {
  return steps.map(({ step, atMs }, index) => {
    const until = steps[index + 1]?.atMs ?? endMs;
    return { key: `${index} ${step}`, label: STEP_WORDS[step], at: `+${span(atMs)}`, took: until === null ? '' : span(Math.max(0, until - atMs)) };
  });
}

/** For a text that is copied: exact times, one fact a line. */
export function healLines({ title, at, facts, steps, log }: HealView): string[] {
  return [
    `${exactTime(at.iso)} ${title}`,
    ...facts.map(({ label, value }) => `  ${label}: ${value}`),
    ...(steps.length === 0 ? [] : [`  Steps: ${steps.map(({ label, at: began }) => `${label} ${began}`).join(', ')}`]),
    ...(log.length === 0 ? [] : ['  Last lines before:', ...log.map((line) => `    ${line}`)]),
  ];
}
