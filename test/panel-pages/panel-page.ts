// The panel's page in Debian's Chromium, over a bridge that only remembers: tests set what it knows and read what it was asked.
// Nothing is requested from anywhere: the page is bundled in memory and handed to the browser, under the panel's own content security policy.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { type Browser, chromium, type Page } from 'playwright';
import { CONTENT_SECURITY_POLICY } from '../../electron/panel-address.ts';
import type { PanelMessage } from '../../renderer/bridge.ts';
import type { CommandName } from '../../supervisor/contract/api.ts';
import type { DesktopActName, LinkState } from '../../supervisor/contract/panel.ts';
import { DEFAULT_SETTINGS } from '../../supervisor/contract/settings.ts';
import type { Snapshot } from '../../supervisor/contract/snapshot.ts';
import { NOW } from '../panel/snapshot-builders.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const ADDRESS = 'http://panel.test';
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export type Answers = Partial<Record<CommandName | DesktopActName, unknown>>;

export interface PanelPageOptions {
  /** null: nothing is known yet. */
  readonly snapshot?: Snapshot | null;
  /** Default: hosting. */
  readonly link?: LinkState;
  /** What commands and desktop acts answer; what is not here fails. Default: `settings` and an empty `overview`. */
  readonly answers?: Answers;
  /** "#/alerts". */
  readonly hash?: string;
  readonly width?: number;
  readonly height?: number;
  readonly colorScheme?: 'light' | 'dark';
  /** False: as in a browser, without desktop acts. Default true. */
  readonly isDesktop?: boolean;
}

export interface PanelPage {
  readonly page: Page;
  tell(message: PanelMessage): Promise<void>;
  say(snapshot: Snapshot): Promise<void>;
  setLink(link: LinkState): Promise<void>;
  answer(answers: Answers): Promise<void>;
  /** What the page has asked for since the last look, without `settings` and `overview`, which it reads by itself. */
  calls(): Promise<readonly { readonly name: string; readonly input: unknown }[]>;
  /** What axe has to say about the page as it is, one line each; nothing: all is well. */
  violations(): Promise<readonly string[]>;
  close(): Promise<void>;
}

export interface PanelBrowser {
  open(options?: PanelPageOptions): Promise<PanelPage>;
  end(): Promise<void>;
}

interface Stage {
  readonly calls: { readonly name: string; readonly input: unknown }[];
  answers: Answers;
  tell(message: PanelMessage): void;
}
declare global {
  var panelStage: Stage;
}

export async function startPanelBrowser(): Promise<PanelBrowser> {
  const [files, browser] = await Promise.all([
    bundlePage(),
    chromium.launch({ executablePath: '/usr/bin/chromium', args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] }),
  ]);
  return { open: (options = {}) => openPage(browser, files, options), end: () => browser.close() };
}

async function openPage(browser: Browser, files: ReadonlyMap<string, string>, options: PanelPageOptions): Promise<PanelPage> {
  const { snapshot = null, link = { kind: 'hosting' }, answers = {}, hash = '', width = 900, height = 700, colorScheme = 'light', isDesktop = true } = options;
  const context = await browser.newContext({ viewport: { width, height }, colorScheme, reducedMotion: 'reduce' });
  const page = await context.newPage();
  // A page that fails must not look like one that is slow.
  page.on('pageerror', (error) => { process.stderr.write(`panel: ${error.stack ?? error.message}\n`); });
  await page.route('**/*', (route) => {
    const name = new URL(route.request().url()).pathname.slice(1) || 'index.html';
    const body = files.get(name);
    if (body === undefined) return route.fulfill({ status: 404 });
    const contentType = name.endsWith('.html') ? 'text/html; charset=utf-8' : name.endsWith('.css') ? 'text/css' : 'text/javascript';
    return route.fulfill({ body, contentType, headers: { 'content-security-policy': CONTENT_SECURITY_POLICY } });
  });
  await page.clock.setFixedTime(NOW);
  const known: Answers = { settings: DEFAULT_SETTINGS, overview: { at: NOW.toISOString(), services: [] }, setTheme: null, ...answers };
  await page.addInitScript(setStage, { snapshot, link, answers: known, isDesktop });
  await page.goto(`${ADDRESS}/index.html${hash}`);
  const tell = (message: PanelMessage) => page.evaluate((given) => globalThis.panelStage.tell(given), message);
  return {
    page, tell,
    say: (next) => tell({ kind: 'snapshot', snapshot: next }),
    setLink: (next) => tell({ kind: 'link', link: next }),
    answer: (more) => page.evaluate((given) => { Object.assign(globalThis.panelStage.answers, given); }, more),
    calls: async () => (await page.evaluate(() => globalThis.panelStage.calls.splice(0))).filter(({ name }) => !['settings', 'overview', 'setTheme'].includes(name)),
    violations: () => runAxe(page),
    close: () => context.close(),
  };
}

/** Runs in the page, before anything of the panel. */
function setStage({ snapshot, link, answers, isDesktop }: { snapshot: Snapshot | null; link: LinkState; answers: Answers; isDesktop: boolean }): void {
  const listeners = new Set<(message: PanelMessage) => void>();
  let lastLink: PanelMessage = { kind: 'link', link };
  let lastSnapshot: PanelMessage | null = snapshot === null ? null : { kind: 'snapshot', snapshot };
  const stage: Stage = {
    calls: [],
    answers,
    tell(message) {
      if (message.kind === 'link') lastLink = message;
      if (message.kind === 'snapshot') lastSnapshot = message;
      for (const listener of listeners) listener(message);
    },
  };
  const reply = async (name: string, input: unknown): Promise<unknown> => {
    stage.calls.push({ name, input });
    const known: Readonly<Record<string, unknown>> = stage.answers;
    return name in known ? { ok: true, value: known[name] } : { ok: false, error: { code: 'failed', message: `The stage has no answer for ${name}.` } };
  };
  Object.assign(globalThis, {
    panelStage: stage,
    upkeep: {
      call: reply,
      desktop: isDesktop ? reply : null,
      subscribe(listener: (message: PanelMessage) => void) {
        listeners.add(listener);
        listener(lastLink);
        if (lastSnapshot !== null) listener(lastSnapshot);
        return () => { listeners.delete(listener); };
      },
    },
  });
}

interface AxeResults { readonly violations: readonly { readonly id: string; readonly help: string; readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[] }[] }

async function runAxe(page: Page): Promise<readonly string[]> {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(async () => (await (Reflect.get(globalThis, 'axe') as { run(): Promise<unknown> }).run()) as AxeResults);
  return violations.flatMap(({ id, help, nodes }) => nodes.map(({ html, failureSummary = '' }) => `${id} (${help}): ${html.slice(0, 200)} ${failureSummary.replace(/\s+/g, ' ')}`));
}

async function bundlePage(): Promise<ReadonlyMap<string, string>> {
  const { outputFiles } = await build({
    absWorkingDir: ROOT, bundle: true, write: false, logLevel: 'error', platform: 'browser', target: 'chrome114', format: 'iife',
    jsx: 'automatic', jsxImportSource: 'preact', entryPoints: ['renderer/main.tsx'], outdir: 'panel',
  });
  return new Map([
    ['index.html', readFileSync(new URL('../../renderer/index.html', import.meta.url), 'utf8')],
    ...outputFiles.map(({ path, text }) => [path.slice(path.lastIndexOf('/') + 1), text] as const),
  ]);
}
