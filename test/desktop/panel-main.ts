// An Electron main with the real shell over a supervisor that only remembers: tests set what it knows and read what it was asked.
// Bundled by panel-bed.ts; driven through `globalThis.upkeepStage`.
import { join } from 'node:path';
import { app } from 'electron';
import { ApiError, type CommandName, type LiveMessage } from '../../supervisor/contract/api.ts';
import { declarePanelScheme } from '../../electron/protocol.ts';
import { keepChromiumSmall } from '../../electron/small-chromium.ts';
import { startShell } from '../../electron/shell.ts';
import { autostartEntry, autostartFile } from '../../electron/start-at-login.ts';
import type { LinkMessage, LinkState } from '../../supervisor/contract/panel.ts';
import type { SupervisorLink } from '../../electron/supervisor-link.ts';

export interface Stage {
  /** Every command that reached the supervisor, in order. */
  readonly calls: { readonly name: CommandName; readonly input: unknown }[];
  /** What the next calls of a command answer. */
  readonly answers: Partial<Record<CommandName, unknown>>;
  say(message: LiveMessage): void;
  setLink(link: LinkState): void;
  showPanel(service?: string): void;
}

declare global {
  var upkeepStage: Stage;
}

app.setPath('userData', process.env['PANEL_BED_HOME'] ?? '');
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
keepChromiumSmall();
declarePanelScheme();
app.on('window-all-closed', () => {});

const listeners = new Set<(message: LinkMessage) => void>();
const tell = (message: LinkMessage) => { for (const listener of listeners) listener(message); };
let state: LinkState = { kind: 'hosting' };
let snapshot: SupervisorLink['snapshot'] = null;
const stage: Omit<Stage, 'showPanel'> = {
  calls: [],
  answers: {},
  say(message) {
    if (message.kind === 'snapshot') snapshot = message.snapshot;
    tell(message);
  },
  setLink(link) {
    state = link;
    tell({ kind: 'link', link });
  },
};

const link: SupervisorLink = {
  get state() { return state; },
  get snapshot() { return snapshot; },
  async call(name, input) {
    stage.calls.push({ name, input });
    const answer = stage.answers[name];
    if (answer === undefined) throw new ApiError('failed', `The stage has no answer for ${name}.`);
    // The test that sets an answer sees to its shape.
    return answer as never;
  },
  subscribe(listener) {
    listeners.add(listener);
    listener({ kind: 'link', link: state });
    if (snapshot !== null) listener({ kind: 'snapshot', snapshot });
    return () => { listeners.delete(listener); };
  },
  resumed() {},
  async stop() {},
};

void app.whenReady().then(() => {
  const home = app.getPath('userData');
  const launch = { environment: {}, program: process.execPath, args: [app.getAppPath()] };
  const shell = startShell({
    link, folder: __dirname, ownFolder: home, hidden: false, configFile: join(home, 'services.json'), home,
    loginStart: autostartEntry(autostartFile(process.env), launch), quit: () => app.quit(),
  });
  globalThis.upkeepStage = { ...stage, showPanel: shell.showPanel };
});
