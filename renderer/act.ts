// What a person can ask for in the panel. Pure.
import type { PauseSpan } from '../supervisor/contract/pause.ts';

/** How long no reminder of an alert is wanted. */
export type SnoozeSpan = '15m' | '1h' | 'recovery';

export type Act =
  | { readonly kind: 'restart' | 'start' | 'stop' | 'resume' | 'open' | 'check'; readonly service: string }
  | { readonly kind: 'pause'; readonly service: string; readonly span: PauseSpan }
  | { readonly kind: 'pause-all'; readonly span: PauseSpan }
  | { readonly kind: 'heal-failing' | 'check-all' | 'resume-all' | 'quit' | 'open-data-folder' }
  | { readonly kind: 'open-configuration'; readonly line?: number }
  | { readonly kind: 'acknowledge'; readonly alert: string }
  | { readonly kind: 'snooze'; readonly alert: string; readonly span: SnoozeSpan }
  | { readonly kind: 'test-channel'; readonly channel: string }
  /** `what` is said when it is done: "The address is copied." */
  | { readonly kind: 'copy'; readonly text: string; readonly what: string };

/** The same for acts that must not run twice at a time. */
export function actKey(act: Act): string {
  if ('service' in act) return `${act.kind} ${act.service}`;
  if ('alert' in act) return `${act.kind} ${act.alert}`;
  return 'channel' in act ? `${act.kind} ${act.channel}` : act.kind;
}
