// Finds the proof in an event. Apart from the schema, because the panel needs it and must stay small: events come from our own journal.
import type { UpkeepEvent } from './event.ts';
import type { HealProof } from './heal-proof.ts';

const FACTS: Readonly<Record<keyof HealProof, true>> = {
  attempt: true, by: true, manager: true, incident: true, symptom: true, steps: true, result: true, verification: true, lostMs: true, log: true,
};

/** The proof an event carries; null: it is none of these, or one of an earlier version with less in it. */
export const healProofOf = (event: UpkeepEvent): HealProof | null => (carriesProof(event) ? event : null);

function carriesProof(event: UpkeepEvent): event is UpkeepEvent & HealProof {
  return (event.type === 'heal.succeeded' || event.type === 'heal.failed') && Object.keys(FACTS).every((fact) => Object.hasOwn(event, fact));
}
