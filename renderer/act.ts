// What a person can ask for in the panel. Pure.

export const PAUSE_SPANS = [
  { span: '15m', label: 'For 15 minutes' },
  { span: '1h', label: 'For 1 hour' },
  { span: 'tomorrow', label: 'Until tomorrow, 8:00' },
  { span: 'until-resumed', label: 'Until I resume' },
] as const;
export type PauseSpan = (typeof PAUSE_SPANS)[number]['span'];

export type Act =
  | { readonly kind: 'restart' | 'start' | 'stop' | 'resume' | 'open' | 'check'; readonly service: string }
  | { readonly kind: 'pause'; readonly service: string; readonly span: PauseSpan }
  | { readonly kind: 'pause-all'; readonly span: PauseSpan }
  | { readonly kind: 'heal-failing' | 'check-all' | 'resume-all' | 'quit' };

/** The same for acts that must not run twice at a time. */
export const actKey = (act: Act): string => ('service' in act ? `${act.kind} ${act.service}` : act.kind);

const MINUTE_MS = 60_000;
/** The hour at which "until tomorrow" ends: when people are back, not at midnight. */
const MORNING_HOUR = 8;

/** End of a pause that begins now, as the contract wants it; undefined: until resumed. */
export function pauseUntil(span: PauseSpan, now: Date): string | undefined {
  switch (span) {
    case '15m': return new Date(now.getTime() + 15 * MINUTE_MS).toISOString();
    case '1h': return new Date(now.getTime() + 60 * MINUTE_MS).toISOString();
    case 'tomorrow': return new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1, MORNING_HOUR).toISOString();
    case 'until-resumed': return undefined;
  }
}
