// What main and the panel say to each other besides the contract's commands: channel names and message shapes.
// Types and constants only: the preload bundles this file and must stay small.
import type { ActOutcome, ApiErrorCode, CommandInput, CommandName, CommandResult, LiveMessage } from '../supervisor/contract/api.ts';

/**
 * Whether anybody supervises. `hosting`: this process does. `attached`: another instance does and answers us.
 * `invalid`: nobody does, because services.json cannot be used; `issues` has one line each. `lost`, `failed`: nobody we can
 * reach; `message` says why, and another attempt follows by itself.
 */
export type LinkState =
  | { readonly kind: 'starting' | 'hosting' | 'attached' }
  | { readonly kind: 'invalid'; readonly message: string; readonly issues: readonly string[] }
  | { readonly kind: 'lost' | 'failed'; readonly message: string };

export type LinkMessage = LiveMessage | { readonly kind: 'link'; readonly link: LinkState };

/** `acted`: what became of an act from the tray. `show`: put this service before the person's eyes. */
export type PanelMessage =
  | LinkMessage
  | { readonly kind: 'acted'; readonly outcomes: readonly ActOutcome[] }
  | { readonly kind: 'show'; readonly service: string };

/** A rejection loses everything but its text on the way to a page, so answers carry errors as values. */
export type Answer<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: { readonly code: ApiErrorCode; readonly message: string } };

/** `window.upkeep`, as the page sees it. */
export interface Bridge {
  call<Name extends CommandName>(name: Name, input: CommandInput<Name>): Promise<Answer<CommandResult<Name>>>;
  subscribe(listener: (message: PanelMessage) => void): () => void;
  openUrl(service: string): Promise<Answer<null>>;
  quit(): Promise<Answer<null>>;
}

export const COMMAND_CHANNEL = 'upkeep:command:';
export const SUBSCRIBE_CHANNEL = 'upkeep:subscribe';
export const UNSUBSCRIBE_CHANNEL = 'upkeep:unsubscribe';
export const MESSAGE_CHANNEL = 'upkeep:message';
export const OPEN_URL_CHANNEL = 'upkeep:open-url';
export const QUIT_CHANNEL = 'upkeep:quit';
