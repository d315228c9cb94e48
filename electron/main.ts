// Where the desktop app begins and ends: one instance a data folder, the link to the supervisor, the shell, a bounded end.
// Decides nothing about services.
import { homedir } from 'node:os';
import { join } from 'node:path';
import { app, powerMonitor } from 'electron';
import { connect, locateConfiguration, locateHome, makePrivateFolder, startHost } from '../supervisor/index.ts';
import { launchAtLogin } from './launch-command.ts';
import { HIDDEN_ARGUMENT, readLaunchOptions } from './launch-options.ts';
import { declarePanelScheme } from './protocol.ts';
import { type Shell, startShell } from './shell.ts';
import { keepChromiumSmall } from './small-chromium.ts';
import { autostartEntry, autostartFile, loginItem, type LoginStart } from './start-at-login.ts';
import { linkSupervisor, type SupervisorLink } from './supervisor-link.ts';

/** Filled in by the bundler from package.json. */
declare const __UPKEEP_VERSION__: string;

const STOP_WITHIN_MS = 15_000;
const EXIT_USAGE = 64;

const home = locateHome(process.env, process.platform);
// Electron's lock lives in its own data folder. Inside ours, one data folder means one instance, and two can run side by side.
const electronData = join(home, 'electron');
if (isFolderReady(electronData)) {
  app.setPath('userData', electronData);
  if (app.requestSingleInstanceLock()) run();
  else leave('Upkeep is running already; its panel opens.', 0);
}

function isFolderReady(folder: string): boolean {
  try {
    makePrivateFolder(folder);
    return true;
  } catch (error) {
    leave(`upkeep: cannot use ${home} as data folder: ${String(error)}. Set UPKEEP_HOME to a folder you may write to.`, 1);
    return false;
  }
}

function leave(line: string, code: number): void {
  process.stderr.write(`${line}\n`);
  app.exit(code);
}

function run(): void {
  app.setName('Upkeep');
  // As root Chromium has no sandbox, and enableSandbox() would silently undo --no-sandbox: every page would die at once.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
  keepChromiumSmall();
  declarePanelScheme();

  let options: ReturnType<typeof readLaunchOptions>;
  try {
    options = readLaunchOptions(process.argv, process.defaultApp);
  } catch (error) {
    return leave(`upkeep: ${error instanceof Error ? error.message : String(error)}`, EXIT_USAGE);
  }
  const configFile = locateConfiguration(options.configFile, process.env, process.cwd());
  let shell: Shell | null = null;
  const link = linkSupervisor({
    startHost: () => startHost({ configFile, home, version: __UPKEEP_VERSION__, onNoticeClick: (service) => shell?.showPanel(service), panelFolder: join(__dirname, 'panel') }),
    connect: () => connect(home),
  });

  endWithin(link, () => shell?.stop());
  if (process.platform === 'darwin') app.setActivationPolicy('accessory');
  // The tray stays when the panel closes.
  app.on('window-all-closed', () => {});
  app.on('second-instance', (_event, argv) => {
    // A start at login beside a running Upkeep is nobody's wish to see it.
    if (!argv.includes(HIDDEN_ARGUMENT)) void app.whenReady().then(() => shell?.showPanel());
  });
  app.on('activate', () => shell?.showPanel());
  powerMonitor.on('resume', () => link.resumed());
  void app.whenReady().then(() => {
    shell = startShell({
      link, folder: __dirname, ownFolder: electronData, hidden: options.hidden, configFile, home, loginStart: chooseLoginStart(configFile), quit: () => app.quit(),
    });
  });
}

function chooseLoginStart(configFile: string): LoginStart {
  const { env, platform, execPath, defaultApp } = process;
  if (platform !== 'linux') return loginItem(app, app.isPackaged);
  const isFoundAnyway = configFile === locateConfiguration(undefined, env, homedir());
  return autostartEntry(autostartFile(env), launchAtLogin({
    executable: execPath, appFolder: defaultApp ? app.getAppPath() : null, appImage: env['APPIMAGE'],
    switches: app.commandLine.hasSwitch('no-sandbox') ? ['--no-sandbox'] : [],
    configFile: isFoundAnyway ? null : configFile, home: env['UPKEEP_HOME'],
  }));
}

/** Every way to quit stops supervision first: `before-quit` waits for it, at most 15 s, then quits for good. */
function endWithin(link: SupervisorLink, stopShell: () => void): void {
  let ended: Promise<void> | null = null;
  let isOver = false;
  const end = async () => {
    const timer = setTimeout(() => {
      leave(`upkeep: supervision did not stop within ${STOP_WITHIN_MS / 1_000} s; leaving anyway.`, 1);
    }, STOP_WITHIN_MS);
    try {
      await link.stop();
    } catch (error) {
      process.stderr.write(`upkeep: supervision did not stop cleanly: ${String(error)}\n`);
      process.exitCode = 1;
    }
    clearTimeout(timer);
    isOver = true;
    app.quit();
  };
  app.on('before-quit', (event) => {
    if (isOver) return;
    event.preventDefault();
    ended ??= end();
  });
  app.on('will-quit', stopShell);
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => app.quit());
  powerMonitor.on('shutdown', () => app.quit());
}
