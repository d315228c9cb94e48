// The channels between main and the panel's page: one for each command a page may ask for, one for each act of the desktop app.
// Types and constants only: the preload bundles this file and must stay small. The messages themselves are in contract/panel.ts.
import type { CommandName } from '../supervisor/contract/api.ts';
import type { DesktopActName } from '../supervisor/contract/panel.ts';

/** Whatever is not in NOT_FOR_PAGES of the contract. */
export type PageCommand = Exclude<CommandName, 'openPanel'>;

export const COMMAND_CHANNELS: Readonly<Record<PageCommand, string>> = {
  status: 'upkeep:command:status',
  history: 'upkeep:command:history',
  overview: 'upkeep:command:overview',
  series: 'upkeep:command:series',
  statistics: 'upkeep:command:statistics',
  incidents: 'upkeep:command:incidents',
  incident: 'upkeep:command:incident',
  log: 'upkeep:command:log',
  storage: 'upkeep:command:storage',
  diagnostics: 'upkeep:command:diagnostics',
  settings: 'upkeep:command:settings',
  changeSettings: 'upkeep:command:changeSettings',
  acknowledge: 'upkeep:command:acknowledge',
  snooze: 'upkeep:command:snooze',
  testChannel: 'upkeep:command:testChannel',
  restart: 'upkeep:command:restart',
  start: 'upkeep:command:start',
  stop: 'upkeep:command:stop',
  heal: 'upkeep:command:heal',
  checkNow: 'upkeep:command:checkNow',
  pause: 'upkeep:command:pause',
  resume: 'upkeep:command:resume',
};

export const DESKTOP_CHANNELS: Readonly<Record<DesktopActName, string>> = {
  openUrl: 'upkeep:desktop:openUrl',
  openConfiguration: 'upkeep:desktop:openConfiguration',
  openDataFolder: 'upkeep:desktop:openDataFolder',
  copyText: 'upkeep:desktop:copyText',
  startAtLogin: 'upkeep:desktop:startAtLogin',
  setStartAtLogin: 'upkeep:desktop:setStartAtLogin',
  setTheme: 'upkeep:desktop:setTheme',
  desktopDiagnostics: 'upkeep:desktop:desktopDiagnostics',
  quit: 'upkeep:desktop:quit',
};

export const SUBSCRIBE_CHANNEL = 'upkeep:subscribe';
export const MESSAGE_CHANNEL = 'upkeep:message';

export const isPageCommand = (name: string): name is PageCommand => Object.hasOwn(COMMAND_CHANNELS, name);
export const isDesktopAct = (name: string): name is DesktopActName => Object.hasOwn(DESKTOP_CHANNELS, name);
