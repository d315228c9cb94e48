// Answers what happens next to a service, and when: the sentences below its reason, never none. Pure.
// Nothing is foretold that does not follow from the snapshot.
import type { Hold, Reason } from '../../supervisor/contract/reason.ts';
import type { ServiceSnapshot } from '../../supervisor/contract/snapshot.ts';
import { count } from '../parts/words.ts';
import { momentAhead } from './moments.ts';

const iso = (ms: number): string => new Date(ms).toISOString();

export function describeNext(service: ServiceSnapshot, nowMs: number): string[] {
  const { why } = service;
  switch (why.code) {
    case 'healthy': case 'healed': return ['Nothing to do.'];
    case 'starting': case 'healing': return ['It counts as up as soon as its checks pass.'];
    case 'not-checked-yet': return ['Its first check is on its way.'];
    case 'slow': return ['It serves, only slowly, so it is not restarted.'];
    case 'inconclusive': return ['While nobody can tell, it is neither restarted nor reported.', ...trialOf(service, nowMs)];
    case 'just-woke': return [`It is judged again ${momentAhead(iso(why.nextAtMs ?? nowMs), nowMs)}.`];
    case 'paused': return [why.untilMs === null ? 'Nothing happens to it until you resume it.' : `It is looked after again ${momentAhead(iso(why.untilMs), nowMs)}.`];
    case 'stopped-by-person': return ['Nothing happens to it until you start it.'];
    case 'recovering': return [`After ${count(Math.max(1, why.threshold - why.passes), 'more pass', 'more passes')} in a row it counts as up.`, ...trialOf(service, nowMs)];
    case 'failing': return [describeFailing(service, why), ...trialOf(service, nowMs)];
    case 'held': return [describeHold(why.hold, nowMs), ...trialOf(service, nowMs)];
    case 'heal-failed': return [why.hold === null ? soonest(service, nowMs) : describeHold(why.hold, nowMs), ...trialOf(service, nowMs)];
  }
}

/** An open breaker looks less often. */
function trialOf({ breaker }: ServiceSnapshot, nowMs: number): string[] {
  return breaker.state === 'open' && breaker.openUntil !== null ? [`Next check ${momentAhead(breaker.openUntil, nowMs)}.`] : [];
}

function describeFailing({ heal, manager }: ServiceSnapshot, { failures, threshold, symptom }: Extract<Reason, { code: 'failing' }>): string {
  const then = manager === null ? 'a person is told' : heal.auto ? 'it is restarted' : 'a person is told, since automatic restarts are off';
  const missing = threshold - failures;
  return missing > 0 && symptom.kind === 'check' ? `After ${count(missing, 'more failed round')} ${then}.` : `Now ${then}.`;
}

function soonest({ heal }: ServiceSnapshot, nowMs: number): string {
  if (!heal.auto) return 'Automatic restarts are off: restart it yourself.';
  return heal.nextAllowedAt === null ? 'It is restarted when its next check fails.' : `Next restart ${momentAhead(heal.nextAllowedAt, nowMs)}, if it is still down.`;
}

function describeHold(hold: Hold, nowMs: number): string {
  switch (hold.code) {
    case 'auto-off': return 'Automatic restarts are off: restart it yourself.';
    case 'no-manager': return 'Upkeep only watches it: start it yourself where it runs.';
    case 'heals-under-way': return 'It is restarted as soon as another restart has ended.';
    case 'budget-spent': case 'machine-budget-spent': case 'cooldown': case 'just-woke':
      return hold.nextAtMs === null ? 'No automatic restart is allowed: restart it yourself.' : `Next restart ${momentAhead(iso(hold.nextAtMs), nowMs)}, if it is still down.`;
  }
}
