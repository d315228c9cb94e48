// What happens, as the journal keeps it, `upkeep watch --json` prints it and live clients receive it.
import * as z from 'zod';

export const EVENT_TYPES = [
  'supervisor.started', 'supervisor.stopped', 'supervisor.woke', 'state.set-aside',
  'service.up', 'service.degraded', 'service.down', 'service.unknown', 'service.paused', 'service.resumed', 'service.stopped', 'service.started',
  'breaker.opened', 'breaker.half-opened', 'breaker.closed',
  'heal.started', 'heal.succeeded', 'heal.failed', 'heal.held',
  'alert.raised', 'alert.repeated', 'alert.resolved', 'alert.delivered', 'alert.undelivered', 'alert.acknowledged', 'alert.snoozed',
  'config.reloaded', 'config.rejected',
] as const;
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
