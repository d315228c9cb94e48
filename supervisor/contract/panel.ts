// What the panel and whoever carries it say to each other besides the commands of api.ts: Electron's preload or a page in a browser.
// Errors are values, because a page gets only the text of a rejection.
import * as z from 'zod';
import type { ActOutcome, ApiErrorCode, CommandInput, CommandName, CommandResult, LiveMessage } from './api.ts';
import { serviceIdSchema } from './configuration.ts';
import { diagnosticsSchema } from './diagnostics.ts';
import { THEMES } from './settings.ts';
import type { SnapshotChanges } from './snapshot-changes.ts';

/**
 * Whether anybody supervises. `hosting`: the app that shows the panel does. `attached`: another process does and answers.
 * `invalid`: nobody does, because services.json cannot be used; `issues` has one line each. `lost`, `failed`: nobody that can be
 * reached; `message` says why, and another attempt follows by itself. `ended`: the carrier is gone for good and says how to come back.
 */
export type LinkState =
  | { readonly kind: 'starting' | 'hosting' | 'attached' }
  | { readonly kind: 'invalid'; readonly message: string; readonly issues: readonly string[] }
  | { readonly kind: 'lost' | 'failed' | 'ended'; readonly message: string };

export type LinkMessage = LiveMessage | { readonly kind: 'link'; readonly link: LinkState };

/** `changes`: the snapshot, as it differs from the one told before. `acted`: what became of an act from the tray. `show`: put this service before the person's eyes. */
export type PanelMessage =
  | LinkMessage
  | { readonly kind: 'changes'; readonly changes: SnapshotChanges }
  | { readonly kind: 'acted'; readonly outcomes: readonly ActOutcome[] }
  | { readonly kind: 'show'; readonly service: string };

/** A rejection loses everything but its text on the way to a page, so answers carry errors as values. */
export type Answer<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: { readonly code: ApiErrorCode; readonly message: string } };

/** Whether Upkeep starts when the person logs in, as the system says it. `note`: what the person should know or do; null: nothing. */
export const startAtLoginSchema = z.object({ enabled: z.boolean(), note: z.string().nullable() });
export type StartAtLogin = z.output<typeof startAtLoginSchema>;

const nothing = z.strictObject({});
const done = z.null();

/** What only the desktop app can do for its panel. */
export const DESKTOP = {
  /** The address of the service in services.json, in the person's browser. */
  openUrl: { input: z.strictObject({ service: serviceIdSchema }), result: done },
  /** services.json in the person's editor. `line` has no effect yet: the desktop chooses the editor, and none is known to take one. */
  openConfiguration: { input: z.strictObject({ line: z.int().min(1).optional() }), result: done },
  openDataFolder: { input: nothing, result: done },
  /** Onto the clipboard. */
  copyText: { input: z.strictObject({ text: z.string().max(1_000_000) }), result: done },
  startAtLogin: { input: nothing, result: startAtLoginSchema },
  /** The answer is what the system says afterwards. */
  setStartAtLogin: { input: z.strictObject({ enabled: z.boolean() }), result: startAtLoginSchema },
  /** Of the window itself, so that it fits the page. */
  setTheme: { input: z.strictObject({ theme: z.enum(THEMES) }), result: done },
  /** What only the desktop app knows: Electron, tray host, notification daemon. */
  desktopDiagnostics: { input: nothing, result: diagnosticsSchema },
  quit: { input: nothing, result: done },
} as const satisfies Record<string, { input: z.ZodType; result: z.ZodType }>;

export type DesktopActName = keyof typeof DESKTOP;
export type DesktopActInput<Name extends DesktopActName> = z.input<(typeof DESKTOP)[Name]['input']>;
export type DesktopActResult<Name extends DesktopActName> = z.output<(typeof DESKTOP)[Name]['result']>;

/** What a page is given by its carrier; in the desktop app as `window.upkeep`. */
export interface PanelBridge {
  call<Name extends CommandName>(name: Name, input: CommandInput<Name>): Promise<Answer<CommandResult<Name>>>;
  subscribe(listener: (message: PanelMessage) => void): () => void;
  /** null: a browser shows the panel. */
  readonly desktop: (<Name extends DesktopActName>(name: Name, input: DesktopActInput<Name>) => Promise<Answer<DesktopActResult<Name>>>) | null;
}
