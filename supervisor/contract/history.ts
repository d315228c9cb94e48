// What Upkeep has seen over time: samples rolled up, incidents, and the figures made of both.
// Times are ISO 8601. Time nobody looked (asleep, not running, paused, stopped by a person) is unknown, never downtime.
import * as z from 'zod';
import { SEVERITIES } from './configuration.ts';
import { RESOLUTIONS, WINDOWS } from './history-scales.ts';

export { BAR_PARTS, LINE_POINTS, RESOLUTIONS, WINDOWS } from './history-scales.ts';

const time = z.string();
const amount = z.number().min(0);

export const resolutionSchema = z.enum(RESOLUTIONS);
export type Resolution = z.output<typeof resolutionSchema>;

/** What was measured of one service in one minute, hour or day (UTC). Its seconds add up to what has passed of it. */
export const bucketSchema = z.object({
  /** Beginning. */
  at: time,
  /** Rounds of checks that said something. */
  count: amount,
  /** Of these, failed. */
  failures: amount,
  /** Of a round: that of its slowest check, in milliseconds; null: none answered. p50 and p95 are exact to 5 %. */
  p50Ms: amount.nullable(),
  p95Ms: amount.nullable(),
  maxMs: amount.nullable(),
  /** Seconds. */
  up: amount,
  down: amount,
  unknown: amount,
});
export type Bucket = z.output<typeof bucketSchema>;

/** Oldest first. Buckets of which nothing is known are left out. */
export const seriesSchema = z.object({ service: z.string(), resolution: resolutionSchema, from: time, to: time, buckets: z.array(bucketSchema) });
export type Series = z.output<typeof seriesSchema>;

/** Trouble of one service from its first symptom to its end. */
export const incidentSchema = z.object({
  id: z.string(),
  service: z.string(),
  severity: z.enum(SEVERITIES),
  /** The first failed round, or the exit. */
  began: time,
  /** When Upkeep was sure. */
  detected: time,
  /** null: it lasts. */
  ended: time.nullable(),
  /** `healed`: a heal of Upkeep or a person fixed it. `recovered`: by itself. `stopped`: a person stopped it. `forgotten`: no longer in services.json. */
  outcome: z.enum(['open', 'healed', 'recovered', 'stopped', 'forgotten']),
  /** What showed it, one sentence. */
  symptom: z.string(),
  /** Heals tried. */
  heals: z.number(),
});
export type Incident = z.output<typeof incidentSchema>;

export type StatisticsWindow = (typeof WINDOWS)[number];

const success = z.object({ name: z.string(), total: z.number(), fixed: z.number() });
/** Heals of one manager or one cause, and how many of them worked. */
export type HealSuccess = z.output<typeof success>;

/** Of one service, or of all together. */
export const statisticsSchema = z.object({
  /** null: all services. */
  service: z.string().nullable(),
  at: time,
  windows: z.array(z.object({
    window: z.enum(WINDOWS),
    /** Up out of what is known, 0 to 1; null: nothing is known. */
    availability: z.number().nullable(),
    /** Seconds. */
    up: amount, down: amount, unknown: amount,
    incidents: z.number(),
  })),
  /** The rest is about the last 90 days. From the first symptom until Upkeep was sure; null: there was no incident. */
  meanTimeToDetectMs: z.number().nullable(),
  /** From the first symptom to the end, of incidents that were healed; null: none was. */
  meanTimeToHealMs: z.number().nullable(),
  longestOutage: z.object({ service: z.string(), began: time, ms: z.number(), open: z.boolean() }).nullable(),
  /** Heals of something that failed; a person's restart of a healthy service is none. */
  heals: z.object({
    total: z.number(), fixed: z.number(),
    byManager: z.array(success),
    /** Names such as "http check", "exit code", "signal", "out of memory". */
    byCause: z.array(success),
  }),
  alertsPerWeek: z.number(),
});
export type Statistics = z.output<typeof statisticsSchema>;

/** The last day and the last hour of every service at a glance. */
export const overviewSchema = z.object({
  at: time,
  services: z.array(z.object({
    service: z.string(),
    /** Oldest first, BAR_PARTS of them. Parts of the seconds known in it, 0 to 1 each; both 0: unknown. */
    bar: z.array(z.object({ up: z.number(), down: z.number() })),
    /** Medians, oldest first, LINE_POINTS of them, in milliseconds; null: not measured. */
    latencyMs: z.array(z.number().nullable()),
    /** Of the last 24 hours, 0 to 1; null: nothing is known. */
    availability: z.number().nullable(),
  })),
});
export type Overview = z.output<typeof overviewSchema>;

/** What is kept on disk and how much it takes. */
export const storageSchema = z.object({
  folder: z.string(),
  stateBytes: amount, journalBytes: amount, logsBytes: amount,
  /** The journal is kept below this by letting go of the oldest. */
  journalLimitBytes: amount,
  /** The oldest event; null: there is none. */
  oldest: time.nullable(),
});
export type Storage = z.output<typeof storageSchema>;
