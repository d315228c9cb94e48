// What a person can ask for in the panel. Pure.

import type { PauseSpan } from '../supervisor/contract/pause.ts';

export type Act =
  | { readonly kind: 'restart' | 'start' | 'stop' | 'resume' | 'open' | 'check'; readonly service: string }
  | { readonly kind: 'pause'; readonly service: string; readonly span: PauseSpan }
  | { readonly kind: 'pause-all'; readonly span: PauseSpan }
  | { readonly kind: 'heal-failing' | 'check-all' | 'resume-all' | 'quit' };

/** The same for acts that must not run twice at a time. */
export const actKey = (act: Act): string => ('service' in act ? `${act.kind} ${act.service}` : act.kind);
