// Answers how far the act under way is, step by step with times, and how the last one ended. Pure.
import type { HealStep } from '../../supervisor/contract/reason.ts';
import type { ServiceSnapshot } from '../../supervisor/contract/snapshot.ts';
import { span, timeView, type TimeView } from '../parts/words.ts';
import { actorName, describeResult, sentence, STEP_WORDS } from './causes.ts';

export interface CourseStep {
  readonly key: string;
  readonly label: string;
  readonly state: 'done' | 'now' | 'ahead';
  /** How long it took, or has taken so far; empty: not begun. */
  readonly took: string;
}
export type CourseView =
  | { readonly kind: 'under-way'; readonly title: string; readonly steps: readonly CourseStep[] }
  | { readonly kind: 'over'; readonly mark: 'good' | 'bad' | 'quiet'; readonly text: string; readonly by: string; readonly at: TimeView }
  | { readonly kind: 'none' };

/** What every act goes through; settling is shown once it is reached, since few services have it. */
const EXPECTED: Readonly<Record<'heal' | 'launch', readonly HealStep[]>> = { heal: ['stopping', 'starting', 'verifying'], launch: ['starting', 'verifying'] };

type Acts = Pick<ServiceSnapshot['heal'], 'underWay' | 'last'>;

export function describeCourse({ underWay, last }: Acts, nowMs: number): CourseView {
  if (underWay !== null) {
    const what = underWay.kind === 'heal' ? 'Restarting' : 'Starting';
    return { kind: 'under-way', title: underWay.by === 'person' ? `${what} on request` : what, steps: describeSteps(underWay, nowMs) };
  }
  if (last === null) return { kind: 'none' };
  const { result } = last;
  const mark = result.kind === 'fixed' ? 'good' : result.kind === 'superseded' ? 'quiet' : 'bad';
  return { kind: 'over', mark, text: sentence(describeResult(result)), by: actorName(last.by), at: timeView(last.at, nowMs) };
}

function describeSteps({ kind, startedAt, steps: reached }: NonNullable<Acts['underWay']>, nowMs: number): CourseStep[] {
  const known = reached.length > 0 ? reached : EXPECTED[kind].slice(0, 1).map((step) => ({ step, at: startedAt }));
  const shown = known.map(({ step, at }, index): CourseStep => {
    const next = known[index + 1];
    const endMs = next === undefined ? Math.max(nowMs, Date.parse(at)) : Date.parse(next.at);
    return { key: step, label: STEP_WORDS[step], state: next === undefined ? 'now' : 'done', took: span(endMs - Date.parse(at)) };
  });
  const order = EXPECTED[kind];
  const furthest = Math.max(...known.map(({ step }) => order.indexOf(step)));
  const ahead = order.filter((_step, index) => index > furthest).map((step): CourseStep => ({ key: step, label: STEP_WORDS[step], state: 'ahead', took: '' }));
  return [...shown, ...ahead, { key: 'up', label: 'Up', state: 'ahead', took: '' }];
}
