// Opens the real panel of a real Upkeep twice: in the desktop app, and in a browser with the headless one behind it.
// Needs the desktop of test/bed/with-desktop.sh. It asserts nothing.
import { _electron, chromium, type ElectronApplication, type Page } from 'playwright';
import { join } from 'node:path';
import { findElectronRuntime } from '../../build/electron-runtime.mjs';
import { waitFor } from '../bed/wait-for.ts';
import type { UpkeepBed, Watching } from '../end-to-end/upkeep-bed.ts';

const ROOT = join(import.meta.dirname, '../..');
const START_WITHIN_MS = 90_000;
const BROWSER = '/usr/bin/chromium';
/** Neither runs as root with a sandbox, nor does Chromium inside a namespace of its own. */
const NO_SANDBOX = ['--no-sandbox'];

export interface OpenPanel {
  readonly page: Page;
  readonly isDesktop: boolean;
  /** The clipboard as the person would paste it. */
  clipboard(): Promise<string>;
  /** The address that the act opens in the person's browser. */
  opened(act: () => Promise<void>): Promise<string>;
  /** What the page complained about: errors, refused content. */
  complaints(): readonly string[];
  /** From now on it has good reason to complain of this. */
  forgive(complaint: RegExp): void;
  close(): Promise<void>;
}

export interface Carrier { readonly name: string; open(bed: UpkeepBed): Promise<OpenPanel> }

type Listening = Pick<OpenPanel, 'complaints' | 'forgive'>;

function listen(page: Page): Listening {
  const complaints: string[] = [];
  const forgiven: RegExp[] = [];
  const hear = (complaint: string): void => { if (!forgiven.some((pattern) => pattern.test(complaint))) complaints.push(complaint); };
  page.on('pageerror', (error) => hear(error.message));
  page.on('console', (message) => { if (message.type() === 'error') hear(message.text()); });
  return { complaints: () => complaints, forgive: (complaint) => { forgiven.push(complaint); } };
}

/** Attaches to an Upkeep that runs already over the bed's data folder. */
export async function openInDesktopApp(bed: UpkeepBed): Promise<OpenPanel> {
  const { executable } = await findElectronRuntime({ log: () => undefined });
  const asRoot = process.getuid?.() === 0;
  const app = await _electron.launch({
    executablePath: executable, args: [...(asRoot ? NO_SANDBOX : []), ROOT, '--config', bed.configFile], env: environment(bed), timeout: START_WITHIN_MS,
  });
  const page = await showPanel(app);
  return {
    page, isDesktop: true, ...listen(page),
    clipboard: () => app.evaluate(({ clipboard }) => Promise.resolve(clipboard.readText())),
    async opened(act) {
      await app.evaluate(({ shell }) => { shell.openExternal = async (address) => { Reflect.set(globalThis, 'openedAddress', address); }; });
      await act();
      return waitFor('an address to be opened', async () => {
        const address: unknown = await app.evaluate(() => Reflect.get(globalThis, 'openedAddress') as unknown);
        return typeof address === 'string' && address;
      });
    },
    close: () => app.close(),
  };
}

function environment(bed: UpkeepBed): Record<string, string> {
  const all = Object.entries({ ...process.env, UPKEEP_HOME: join(bed.home, 'data'), HOME: bed.home });
  return Object.fromEntries(all.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

/** A second start shows the panel; asking the first one for it is the same without a second process. It may still be starting. */
async function showPanel(app: ElectronApplication): Promise<Page> {
  return waitFor('the window of the panel', async () => {
    const [page] = app.windows();
    if (page === undefined) await app.evaluate(({ app: electron }) => { electron.emit('second-instance', {}, [], '', undefined); });
    return page;
  }, { timeoutMs: START_WITHIN_MS });
}

/** The one-time address that `upkeep panel` gives. */
export async function panelAddress(bed: UpkeepBed): Promise<string> {
  const { out, err } = await bed.run('panel', '--print');
  const address = out.trim();
  if (!address.startsWith('http://127.0.0.1:')) throw new Error(`upkeep panel gives no address: ${out}${err}`);
  return address;
}

/** `upkeep`: the one behind it; default: a new one. */
export async function openInBrowser(bed: UpkeepBed, upkeep?: Watching): Promise<OpenPanel> {
  if (upkeep === undefined) await bed.watch();
  const address = await panelAddress(bed);
  const browser = await chromium.launch({ executablePath: BROWSER, args: NO_SANDBOX, timeout: START_WITHIN_MS });
  const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] });
  const page = await context.newPage();
  const listening = listen(page);
  await page.goto(address);
  return {
    page, isDesktop: false, ...listening,
    clipboard: () => page.evaluate(() => navigator.clipboard.readText()),
    async opened(act) {
      const [tab] = await Promise.all([context.waitForEvent('page'), act()]);
      await tab.waitForLoadState();
      const address = tab.url();
      await tab.close();
      return address;
    },
    close: () => browser.close(),
  };
}

export const CARRIERS: readonly Carrier[] = [
  { name: 'in the desktop app', open: openInDesktopApp },
  { name: 'in a browser', open: (bed) => openInBrowser(bed) },
];
