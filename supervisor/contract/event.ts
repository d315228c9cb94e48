// What happens, as the journal keeps it, `upkeep watch --json` prints it and live clients receive it.
import * as z from 'zod';
import { EVENT_TYPES } from './event-types.ts';

export { EVENT_TYPES } from './event-types.ts';
export const eventTypeSchema = z.enum(EVENT_TYPES);
export type EventType = z.output<typeof eventTypeSchema>;

/** `at` is ISO 8601; `reason` is one sentence; further facts depend on the type. Nothing in it is secret. */
export const eventSchema = z.looseObject({
  at: z.string(),
  type: eventTypeSchema,
  service: z.string().optional(),
  reason: z.string().optional(),
});
export type UpkeepEvent = z.output<typeof eventSchema>;
