// What a hold promises, and whether it is kept when a service simply goes on failing.
import { decide } from '../../supervisor/domain/decision.ts';
import type { Hold } from '../../supervisor/contract/reason.ts';
import type { Now } from '../../supervisor/domain/time.ts';
import type { Machine } from './machine.ts';

/** Every hold that was told, with the moment. */
export const eachHeldPromise = ({ told }: Machine): { readonly hold: Hold; readonly at: Now }[] =>
  told.flatMap(({ why, at }) => (why.code === 'held' ? [{ hold: why.hold, at }] : []));

/** More rounds than any hold of the tests' policies can last. */
const PATIENCE = 200;

/**
 * Resumes everything, leaves only the first service running, and lets each of its rounds fail when it is due and each act end without success, until Upkeep
 * heals it. `promisedMs`: what the first hold on the way said, on the supervision clock; null: it was never held.
 */
export function untilNextHeal(machine: Machine): { readonly healedAtMs: number | null; readonly promisedMs: number | null } {
  const [first, ...others] = machine.configuration.services;
  if (first === undefined) return { healedAtMs: null, promisedMs: null };
  const { id: service } = first;
  machine.live({ type: 'resume-all' }, ...others.map(({ id }) => ({ type: 'stop', service: id }) as const), { type: 'resume', service });
  if (machine.service(service).stopped) machine.live({ type: 'start', service });
  if (machine.service(service).intent !== null) machine.live({ type: 'act-ends', service, result: 'not-fixed' });
  let promisedMs: number | null = null;
  for (let rounds = 0; rounds < PATIENCE && machine.service(service).intent === null; rounds += 1) {
    const decision = decide(machine.service(service), first, machine.view(), machine.now);
    if (decision.kind === 'hold' && decision.hold.nextAtMs !== null) promisedMs ??= machine.now.mono + decision.hold.nextAtMs - machine.now.wall;
    const due = machine.nextRoundAt(service);
    if (due === null) break;
    machine.live({ type: 'wait', ms: Math.max(0, due - machine.now.mono) }, { type: 'round', service, says: 'fail' });
  }
  return { healedAtMs: machine.service(service).intent === null ? null : machine.now.mono, promisedMs };
}
