// Puts the desktop together over a link to the supervisor: tray, panel and what passes between them. Knows no configuration,
// no data folder and no engine, so tests run it over a link of their own.
import { join } from 'node:path';
import { Menu, nativeTheme } from 'electron';
import type { ActOutcome } from '../supervisor/contract/api.ts';
import { runAct } from './act-runner.ts';
import { createDesktopActs } from './desktop-acts.ts';
import { serveIpc } from './ipc.ts';
import { servePanel } from './protocol.ts';
import { lockDown } from './security.ts';
import type { LoginStart } from './start-at-login.ts';
import type { SupervisorLink } from './supervisor-link.ts';
import { isLinked } from './tray-act.ts';
import { type TrayHost, watchTrayHost } from './tray-host.ts';
import { loadTrayIcon } from './tray-icons.ts';
import { describeTray } from './tray-menu.ts';
import { createTray, type TrayOwner } from './tray.ts';
import { createPanelWindow } from './window.ts';
import { liveWithoutTray } from './without-tray.ts';

/** At login the desktop's panel is still starting; when a person starts Upkeep it has long been there. */
const LOGIN_WAIT_MS = 15_000;
const START_WAIT_MS = 2_000;

export interface ShellOptions {
  readonly link: SupervisorLink;
  /** Folder of the bundles: preload.cjs, panel/ and icons/ stand in it. */
  readonly folder: string;
  /** Where small things are kept between two runs, such as the size of the panel. */
  readonly ownFolder: string;
  /** Started at login: no window where there is a tray, and where the person wants none. */
  readonly hidden: boolean;
  /** services.json as long as no supervisor says which one it has. */
  readonly configFile: string;
  /** The data folder. */
  readonly home: string;
  readonly loginStart: LoginStart;
  readonly quit: () => void;
}
export interface Shell {
  /** Opens the panel, with this service before the person's eyes. */
  showPanel(service?: string): void;
  stop(): void;
}

/** Call once, when Electron is ready; `declarePanelScheme` came before. */
export function startShell({ link, folder, ownFolder, hidden, configFile, home, loginStart, quit }: ShellOptions): Shell {
  lockDown();
  servePanel(join(folder, 'panel'));
  Menu.setApplicationMenu(buildApplicationMenu());

  const icons = join(folder, 'icons');
  let tray: TrayOwner | null = null;
  let host: TrayHost = 'unknown';
  const withoutTray = liveWithoutTray({ file: join(ownFolder, 'without-tray.json'), hasTray: () => host !== 'absent', link: () => link.state, quit });
  const panel = createPanelWindow({
    preload: join(folder, 'preload.cjs'), icon: join(icons, 'upkeep-512.png'), sizeFile: join(ownFolder, 'panel-size.json'), mayClose: withoutTray.mayClose,
    trayBounds: () => tray?.bounds() ?? { x: 0, y: 0, width: 0, height: 0 },
  });
  const acts = createDesktopActs({ link, configFile, home, loginStart, env: process.env, quit });
  const openUrl = async (service: string) => { await acts.openUrl({ service }); };
  const line = serveIpc({ link, acts, panelPage: panel.page });
  const showPanel = (service?: string) => {
    panel.open();
    if (service !== undefined) line.send({ kind: 'show', service });
  };
  const tell = (outcomes: readonly ActOutcome[]) => {
    const failures = outcomes.filter(({ ok }) => !ok);
    for (const { message } of failures) process.stderr.write(`upkeep: ${message}\n`);
    // Good news is in the tray anyway; a refusal would otherwise be seen by nobody.
    if (failures.length > 0) panel.open();
    if (panel.page() !== null) line.send({ kind: 'acted', outcomes });
  };
  const input = () => ({ link: link.state, snapshot: link.snapshot });
  const onAct = (act: Parameters<typeof runAct>[0]) => void runAct(act, { api: link, input, openUrl, showPanel, quit, tell });

  const forgetTheme = followTheme(link);
  const unsubscribe = link.subscribe(() => tray?.show(describeTray(input())));
  const stopWatching = watchTrayHost({
    platform: process.platform, busAddress: process.env['DBUS_SESSION_BUS_ADDRESS'], waitMs: hidden ? LOGIN_WAIT_MS : START_WAIT_MS,
    onHost(found) {
      host = found;
      // Electron looks for a tray only when it makes the icon. One that found none may still stand in a tray of the old kind.
      tray?.remove();
      tray = createTray(describeTray(input()), { icon: (state) => loadTrayIcon(icons, state), onAct });
      if (found !== 'absent' || (hidden && withoutTray.closing === 'background')) return;
      process.stderr.write('upkeep: no tray was found on this desktop, so the panel opens instead.\n');
      withoutTray.tell(panel.open());
    },
  });

  return {
    showPanel,
    stop() {
      stopWatching();
      unsubscribe();
      forgetTheme();
      line.stop();
      tray?.remove();
      tray = null;
    },
  };
}

/** Windows and menus look as the person has chosen, from the first supervisor on; until then, and when it cannot say, as the system does. */
function followTheme(link: SupervisorLink): () => void {
  let isLinkedNow = false;
  return link.subscribe((message) => {
    if (message.kind !== 'link' || isLinked(message.link) === isLinkedNow) return;
    isLinkedNow = !isLinkedNow;
    if (isLinkedNow) void link.call('settings', {}).then(({ theme }) => { nativeTheme.themeSource = theme; }, () => undefined);
  });
}

/** Shown on macOS only; elsewhere it gives the panel its keys: close, zoom, copy. */
function buildApplicationMenu(): Menu {
  return Menu.buildFromTemplate([
    ...(process.platform === 'darwin' ? [{ role: 'appMenu' } as const] : []),
    { role: 'editMenu' },
    { label: 'Window', submenu: [{ role: 'close' }, { role: 'resetZoom' }, { role: 'zoomIn' }, { role: 'zoomOut' }] },
  ]);
}
