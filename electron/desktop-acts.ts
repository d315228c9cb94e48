// Does what only the desktop app can do for its panel: opens what the person's own programs show, and asks the system.
// Addresses and paths come from the supervisor and the start of the app, never from the page.
import { existsSync } from 'node:fs';
import { app, clipboard, nativeTheme, shell } from 'electron';
import { ApiError } from '../supervisor/contract/api.ts';
import { describeDesktop } from './desktop-diagnostics.ts';
import type { DesktopActs } from './ipc.ts';
import { nameHasOwner } from './session-bus.ts';
import type { LoginStart } from './start-at-login.ts';
import type { SupervisorLink } from './supervisor-link.ts';
import { addressOf } from './tray-act.ts';
import { TRAY_WATCHER } from './tray-host.ts';

export interface DesktopActOptions {
  readonly link: Pick<SupervisorLink, 'snapshot'>;
  /** services.json as long as no supervisor says which one it has. */
  readonly configFile: string;
  readonly home: string;
  readonly loginStart: LoginStart;
  readonly env: NodeJS.ProcessEnv;
  readonly quit: () => void;
}

export function createDesktopActs({ link, configFile, home, loginStart, env, quit }: DesktopActOptions): DesktopActs {
  return {
    async openUrl({ service }) {
      const address = addressOf(service, link.snapshot);
      if (address === null) throw new ApiError('bad-request', `"${service}" has no address to open.`);
      await shell.openExternal(address);
      return null;
    },
    // No way to hand a line to whatever editor the desktop chooses.
    openConfiguration: () => openPath(link.snapshot?.config.file ?? configFile),
    openDataFolder: () => openPath(home),
    async copyText({ text }) {
      // A promise from Electron 44 on.
      await Promise.resolve(clipboard.writeText(text));
      return null;
    },
    startAtLogin: async () => loginStart.read(),
    setStartAtLogin: async ({ enabled }) => loginStart.set(enabled),
    async setTheme({ theme }) {
      nativeTheme.themeSource = theme;
      return null;
    },
    desktopDiagnostics: () => diagnose(loginStart, env),
    async quit() {
      quit();
      return null;
    },
  };
}

/** Creates nothing: a path that is not there is said to be missing. */
async function openPath(path: string): Promise<null> {
  if (!existsSync(path)) throw new ApiError('failed', `There is no ${path}.`);
  const refusal = await shell.openPath(path);
  if (refusal !== '') throw new ApiError('failed', `${path} cannot be opened: ${refusal}`);
  return null;
}

async function diagnose(loginStart: LoginStart, env: NodeJS.ProcessEnv) {
  const busAddress = env['DBUS_SESSION_BUS_ADDRESS'];
  const [hasTrayHost, hasNotificationDaemon] = await Promise.all([nameHasOwner(TRAY_WATCHER, busAddress), nameHasOwner('org.freedesktop.Notifications', busAddress)]);
  const { electron, chrome, node } = process.versions;
  return describeDesktop({
    platform: process.platform, versions: { electron, chrome, node }, isSandboxed: !app.commandLine.hasSwitch('no-sandbox'),
    startAtLogin: loginStart.read(), desktop: env['XDG_CURRENT_DESKTOP'], sessionType: env['XDG_SESSION_TYPE'], hasTrayHost, hasNotificationDaemon,
  });
}
