// What a person sets in the panel and not in services.json: how this desktop looks and how loud it may be.
// Kept in settings.json of the data folder. A missing or damaged file gives the defaults.
import * as z from 'zod';
import { NOTIFICATION_LEVELS, THEMES } from './settings-choices.ts';

export { DEFAULT_SETTINGS, NOTIFICATION_LEVELS, THEMES } from './settings-choices.ts';

export type Theme = (typeof THEMES)[number];
export type NotificationLevel = (typeof NOTIFICATION_LEVELS)[number];

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'a time of day such as "22:00"' });

export const quietHoursSchema = z.strictObject({
  from: timeOfDay,
  /** Earlier than `from`: on the next day. */
  to: timeOfDay,
  /** Critical alerts come through all the same. */
  exceptCritical: z.boolean(),
}).refine(({ from, to }) => from !== to, { error: '"from" and "to" that differ' });
export type QuietHours = z.output<typeof quietHoursSchema>;

export const settingsSchema = z.strictObject({
  theme: z.enum(THEMES),
  /** Desktop notifications only; other channels are not touched. */
  notifications: z.strictObject({
    /** `all`: whatever services.json sends to the desktop. `critical`: alerts of critical services only. */
    level: z.enum(NOTIFICATION_LEVELS),
    /** In the local time of the machine: what comes meanwhile is shown when they end, if it still matters. null: none. */
    quietHours: quietHoursSchema.nullable(),
  }),
});
export type Settings = z.output<typeof settingsSchema>;
