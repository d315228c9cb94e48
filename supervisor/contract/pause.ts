// How long people pause for, the same in tray and panel.
// Reads no clock: now is passed in.

export const PAUSE_SPANS = [
  { span: '15m', label: 'For 15 minutes' },
  { span: '1h', label: 'For 1 hour' },
  { span: 'tomorrow', label: 'Until tomorrow, 8:00' },
  { span: 'until-resumed', label: 'Until I resume' },
] as const;
export type PauseSpan = (typeof PAUSE_SPANS)[number]['span'];

const MINUTE_MS = 60_000;
/** The hour at which "until tomorrow" ends: when people are back, not at midnight. */
const MORNING_HOUR = 8;

/** End of a pause that begins now, ISO 8601 as `pause` takes it; undefined: until resumed. */
export function pauseUntil(span: PauseSpan, now: Date): string | undefined {
  switch (span) {
    case '15m': return new Date(now.getTime() + 15 * MINUTE_MS).toISOString();
    case '1h': return new Date(now.getTime() + 60 * MINUTE_MS).toISOString();
    case 'tomorrow': return new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1, MORNING_HOUR).toISOString();
    case 'until-resumed': return undefined;
  }
}
