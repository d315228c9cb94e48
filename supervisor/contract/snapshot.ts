// Everything a person can be shown at one moment: what tray, panel, `upkeep status --json` and the local API hand out.
// Times are ISO 8601. Nothing in it is secret: no argv, no environment, no header.
import * as z from 'zod';
import { SEVERITIES } from './configuration.ts';
import { healResultSchema, healStepSchema, reasonSchema } from './reason.ts';
import { STATUSES } from './service-status.ts';

const time = z.string();

export { STATUSES, WORST_FIRST, type ServiceStatus } from './service-status.ts';

export const overallSchema = z.enum(['healthy', 'degraded', 'failing']);
export type Overall = z.output<typeof overallSchema>;

export const checkResultSchema = z.object({
  type: z.string(),
  /** What is checked, without credentials. */
  target: z.string(),
  /** null: the check could not run, which says nothing about the service. */
  ok: z.boolean().nullable(),
  latencyMs: z.number().nullable(),
  error: z.string().nullable(),
  at: time.nullable(),
});
export type CheckResult = z.output<typeof checkResultSchema>;

export const serviceSnapshotSchema = z.object({
  id: z.string(),
  name: z.string(),
  group: z.string().nullable(),
  url: z.string().nullable(),
  severity: z.enum(SEVERITIES),
  /** Kind of its service manager; null: watch only. */
  manager: z.string().nullable(),
  status: z.enum(STATUSES),
  /** When this status began. */
  since: time.nullable(),
  /** One sentence. */
  reason: z.string(),
  /** The same as a value. */
  why: reasonSchema,
  breaker: z.object({ state: z.enum(['closed', 'open', 'half-open']), failures: z.number(), successes: z.number(), openUntil: time.nullable() }),
  heal: z.object({
    auto: z.boolean(), lastAt: time.nullable(), inLastHour: z.number(), maxPerHour: z.number(),
    /** When the next automatic heal may begin; null: at once, or never without a person. */
    nextAllowedAt: time.nullable(),
    /** When the oldest heal of this hour no longer counts; null: none counts. */
    resetsAt: time.nullable(),
    /** The act under way, with the steps it has reached so far. */
    underWay: z.object({
      kind: z.enum(['heal', 'launch']), by: z.enum(['upkeep', 'person']), startedAt: time,
      steps: z.array(z.object({ step: healStepSchema, at: time })),
    }).nullable(),
    last: z.object({ at: time, by: z.enum(['upkeep', 'person']), result: healResultSchema }).nullable(),
  }),
  /** The incident under way. */
  incident: z.object({ id: z.string(), since: time }).nullable(),
  /** Whether `log` has something to show. */
  hasLog: z.boolean(),
  checks: z.array(checkResultSchema),
  /** Paused by itself, whatever holds for everything. */
  paused: z.boolean(),
  /** End of the pause it is under, its own or that of everything; null: not paused, or until a person resumes. */
  pausedUntil: time.nullable(),
});
export type ServiceSnapshot = z.output<typeof serviceSnapshotSchema>;

export const alertSnapshotSchema = z.object({
  id: z.string(),
  service: z.string(),
  level: z.enum(SEVERITIES),
  since: time,
  title: z.string(),
  message: z.string(),
  /** A person knows of it; null: nobody has said so. */
  acknowledgedAt: time.nullable(),
  /** No reminders until then, or until it recovers; null: not snoozed. */
  snoozed: z.object({ until: time.nullable() }).nullable(),
  /**
   * Per channel: what became of the newest notice. `waiting`: quiet hours, until `nextTryAt`. `suppressed`: the person's settings do not want it there.
   */
  deliveries: z.array(z.object({
    channel: z.string(), state: z.enum(['sent', 'pending', 'waiting', 'suppressed', 'unavailable']), attempts: z.number(), error: z.string().nullable(), nextTryAt: time.nullable(),
  })),
});
export type AlertSnapshot = z.output<typeof alertSnapshotSchema>;

export const snapshotSchema = z.object({
  overall: overallSchema,
  at: time,
  /** Process id of the running supervisor; null: nobody supervises, this is what was known last. */
  pid: z.number().nullable(),
  running: z.boolean(),
  version: z.string(),
  /** Everything is paused. */
  paused: z.boolean(),
  /** End of the pause of everything; null: not paused, or until a person resumes. */
  pausedUntil: time.nullable(),
  services: z.array(serviceSnapshotSchema),
  alerts: z.array(alertSnapshotSchema),
  /** The channels that are set up, and which levels are sent to each. */
  channels: z.array(z.object({ name: z.string(), levels: z.array(z.enum(SEVERITIES)) })),
  config: z.object({ file: z.string(), error: z.string().nullable() }),
  /** Things about Upkeep itself that a person should know: a state file set aside, a journal that cannot be written. */
  notes: z.array(z.string()),
});
export type Snapshot = z.output<typeof snapshotSchema>;
