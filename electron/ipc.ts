// Answers the panel's calls: one channel a command of the contract, made from it, plus subscribing and the shell's own acts.
// The only user of ipcMain. Every call is checked for its sender and its schema first; nothing is decided here.
import { ipcMain, type IpcMainInvokeEvent, type WebContents } from 'electron';
import { API, ApiError, type ApiErrorCode, type CommandInput, type CommandName } from '../supervisor/contract/api.ts';
import { serviceIdSchema } from '../supervisor/contract/configuration.ts';
import {
  COMMAND_CHANNEL, MESSAGE_CHANNEL, OPEN_URL_CHANNEL, QUIT_CHANNEL, SUBSCRIBE_CHANNEL, UNSUBSCRIBE_CHANNEL,
  type Answer, type PanelMessage,
} from './panel-message.ts';
import { PANEL_ORIGIN } from './panel-address.ts';
import type { SupervisorLink } from './supervisor-link.ts';

export interface IpcOptions {
  readonly link: SupervisorLink;
  /** The page of the open panel; null: none is open, so nobody may call. */
  readonly panelPage: () => WebContents | null;
  /** Rejects when the service is unknown or has no address to open. */
  readonly openUrl: (service: string) => Promise<void>;
  readonly quit: () => void;
}
export interface PanelLine {
  /** Reaches the panel now or, when none listens yet, as soon as one does. */
  send(message: PanelMessage): void;
  stop(): void;
}

type InputSchema<Name extends CommandName> = {
  safeParse(input: unknown): { success: true; data: CommandInput<Name> } | { success: false; error: { message: string } };
};
const schemas: { readonly [Name in CommandName]: { readonly input: InputSchema<Name> } } = API;
const isCommandName = (name: string): name is CommandName => Object.hasOwn(API, name);

export function serveIpc({ link, panelPage, openUrl, quit }: IpcOptions): PanelLine {
  const waiting: PanelMessage[] = [];
  let listening: { readonly page: WebContents; readonly stop: () => void } | null = null;

  const hangUp = () => {
    listening?.stop();
    listening = null;
  };
  const listen = (page: WebContents) => {
    hangUp();
    const unsubscribe = link.subscribe((message) => {
      if (!page.isDestroyed()) page.send(MESSAGE_CHANNEL, message);
    });
    const onDestroyed = () => hangUp();
    page.once('destroyed', onDestroyed);
    listening = { page, stop: () => { page.off('destroyed', onDestroyed); unsubscribe(); } };
    for (const message of waiting.splice(0)) page.send(MESSAGE_CHANNEL, message);
  };

  const channels: string[] = [];
  const answer = (channel: string, reply: (input: unknown, page: WebContents) => unknown) => {
    channels.push(channel);
    ipcMain.handle(channel, async (event, input: unknown): Promise<Answer<unknown>> => {
      // senderFrame is a look-up that may miss, and is null once we have waited for anything: read it first.
      if (!isFromPanel(event, panelPage())) throw new Error(`${channel} was called by a page that is not the panel`);
      try {
        return { ok: true, value: (await reply(input, event.sender)) ?? null };
      } catch (error) {
        return { ok: false, error: describe(error) };
      }
    });
  };

  for (const name of Object.keys(API).filter(isCommandName)) answer(`${COMMAND_CHANNEL}${name}`, (input) => callCommand(link, name, input));
  answer(SUBSCRIBE_CHANNEL, (_input, page) => listen(page));
  answer(UNSUBSCRIBE_CHANNEL, hangUp);
  answer(OPEN_URL_CHANNEL, (input) => openUrl(readService(input)));
  answer(QUIT_CHANNEL, quit);

  return {
    send(message) {
      if (listening !== null && !listening.page.isDestroyed()) listening.page.send(MESSAGE_CHANNEL, message);
      else waiting.push(message);
    },
    stop() {
      hangUp();
      for (const channel of channels.splice(0)) ipcMain.removeHandler(channel);
    },
  };
}

function isFromPanel(event: IpcMainInvokeEvent, panel: WebContents | null): boolean {
  const frame = event.senderFrame;
  return panel !== null && frame !== null && event.sender.id === panel.id && frame.parent === null && frame.origin === PANEL_ORIGIN;
}

async function callCommand<Name extends CommandName>(link: SupervisorLink, name: Name, input: unknown): Promise<unknown> {
  const parsed = schemas[name].input.safeParse(input);
  if (!parsed.success) throw new ApiError('bad-request', `${name}: ${parsed.error.message}`);
  return link.call(name, parsed.data);
}

function readService(input: unknown): string {
  const service = typeof input === 'object' && input !== null && 'service' in input ? input.service : undefined;
  const parsed = serviceIdSchema.safeParse(service);
  if (!parsed.success) throw new ApiError('bad-request', 'expected the id of a service');
  return parsed.data;
}

function describe(error: unknown): { readonly code: ApiErrorCode; readonly message: string } {
  if (error instanceof ApiError) return { code: error.code, message: error.message };
  return { code: 'failed', message: error instanceof Error ? error.message : String(error) };
}
