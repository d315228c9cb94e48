// Answers the panel's calls: one channel a command of the contract and one an act of the desktop app, plus subscribing.
// The only user of ipcMain. Every call is checked for its sender, frame and schema first; nothing is decided here.
import { ipcMain, type IpcMainInvokeEvent, type WebContents } from 'electron';
import { API, ApiError, type ApiErrorCode, type CommandInput, NOT_FOR_PAGES } from '../supervisor/contract/api.ts';
import { type Answer, DESKTOP, type DesktopActName, type DesktopActInput, type DesktopActResult, type PanelMessage } from '../supervisor/contract/panel.ts';
import type { Snapshot } from '../supervisor/contract/snapshot.ts';
import { changesSince } from '../supervisor/contract/snapshot-changes.ts';
import {
  COMMAND_CHANNELS, DESKTOP_CHANNELS, isDesktopAct, isPageCommand, MESSAGE_CHANNEL, type PageCommand, SUBSCRIBE_CHANNEL,
} from './panel-message.ts';
import { PANEL_ORIGIN } from './panel-address.ts';
import type { SupervisorLink } from './supervisor-link.ts';

/** What each act does. A rejection is told to the page as it is. */
export type DesktopActs = { readonly [Name in DesktopActName]: (input: DesktopActInput<Name>) => Promise<DesktopActResult<Name>> };

export interface IpcOptions {
  readonly link: SupervisorLink;
  readonly acts: DesktopActs;
  /** The page of the open panel; null: none is open, so nobody may call. */
  readonly panelPage: () => WebContents | null;
}
export interface PanelLine {
  /** Reaches the panel now or, when none listens yet, as soon as one does. */
  send(message: PanelMessage): void;
  stop(): void;
}

type InputSchema<Input> = { safeParse(input: unknown): { success: true; data: Input } | { success: false; error: { message: string } } };
const commands: { readonly [Name in PageCommand]: { readonly input: InputSchema<CommandInput<Name>> } } = API;
const desktop: { readonly [Name in DesktopActName]: { readonly input: InputSchema<DesktopActInput<Name>> } } = DESKTOP;
const pageCommands = Object.keys(API).filter(isPageCommand).filter((name) => !NOT_FOR_PAGES.includes(name));

export function serveIpc({ link, acts, panelPage }: IpcOptions): PanelLine {
  const waiting: PanelMessage[] = [];
  let listening: { readonly page: WebContents; readonly stop: () => void } | null = null;

  const hangUp = () => {
    listening?.stop();
    listening = null;
  };
  const listen = (page: WebContents) => {
    hangUp();
    let told: Snapshot | null = null;
    const unsubscribe = link.subscribe((message) => {
      if (page.isDestroyed()) return;
      if (message.kind !== 'snapshot') return page.send(MESSAGE_CHANNEL, message);
      const { snapshot } = message;
      page.send(MESSAGE_CHANNEL, told === null ? { kind: 'snapshot', snapshot } : { kind: 'changes', changes: changesSince(told, snapshot) });
      told = snapshot;
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

  for (const name of pageCommands) answer(COMMAND_CHANNELS[name], (input) => callCommand(link, name, input));
  for (const name of Object.keys(DESKTOP).filter(isDesktopAct)) answer(DESKTOP_CHANNELS[name], (input) => perform(acts, name, input));
  answer(SUBSCRIBE_CHANNEL, (_input, page) => listen(page));

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

async function callCommand<Name extends PageCommand>(link: SupervisorLink, name: Name, input: unknown): Promise<unknown> {
  return link.call(name, check(name, commands[name].input, input));
}

async function perform<Name extends DesktopActName>(acts: DesktopActs, name: Name, input: unknown): Promise<unknown> {
  return acts[name](check(name, desktop[name].input, input));
}

function check<Input>(name: string, schema: InputSchema<Input>, input: unknown): Input {
  const parsed = schema.safeParse(input);
  if (!parsed.success) throw new ApiError('bad-request', `${name}: ${parsed.error.message}`);
  return parsed.data;
}

function describe(error: unknown): { readonly code: ApiErrorCode; readonly message: string } {
  if (error instanceof ApiError) return { code: error.code, message: error.message };
  return { code: 'failed', message: error instanceof Error ? error.message : String(error) };
}
