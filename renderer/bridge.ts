// What the panel needs from whoever shows it: the commands of the contract, live messages, and two acts of the shell.
// In the desktop app the preload provides it as `window.upkeep`. Errors are values, because a page gets only the text of a rejection.
import type { ActOutcome, ApiErrorCode, CommandInput, CommandName, CommandResult, LiveMessage } from '../supervisor/contract/api.ts';

/** `invalid`: nobody supervises because services.json cannot be used; `lost`, `failed`: another attempt follows by itself. */
export type LinkState =
  | { readonly kind: 'starting' | 'hosting' | 'attached' }
  | { readonly kind: 'invalid'; readonly message: string; readonly issues: readonly string[] }
  | { readonly kind: 'lost' | 'failed'; readonly message: string };

export type PanelMessage =
  | LiveMessage
  | { readonly kind: 'link'; readonly link: LinkState }
  /** What became of an act from the tray. */
  | { readonly kind: 'acted'; readonly outcomes: readonly ActOutcome[] }
  /** Put this service before the person's eyes. */
  | { readonly kind: 'show'; readonly service: string };

export type Answer<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: { readonly code: ApiErrorCode; readonly message: string } };

export interface PanelBridge {
  call<Name extends CommandName>(name: Name, input: CommandInput<Name>): Promise<Answer<CommandResult<Name>>>;
  subscribe(listener: (message: PanelMessage) => void): () => void;
  openUrl(service: string): Promise<Answer<null>>;
  quit(): Promise<Answer<null>>;
}

declare global {
  interface Window { readonly upkeep: PanelBridge }
}
