// The rules of Electron's security checklist (electronjs.org/docs/latest/tutorial/security) about what pages may ask for, under their numbers
// there, tried on a real Electron from inside a page that somebody has taken over: what it can do, a bug in the panel could do.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { API, NOT_FOR_PAGES } from '../../supervisor/contract/api.ts';
import { DESKTOP } from '../../supervisor/contract/panel.ts';
import { waitFor } from '../bed/wait-for.ts';
import { service } from '../panel/snapshot-builders.ts';
import { PANEL, useTakenOverPanel } from './taken-over-panel.ts';

const panel = useTakenOverPanel();

describe('15. only addresses out of services.json are opened, and only http and https', () => {
  const open = (input: unknown) => panel.inPage(`return window.upkeep.desktop('openUrl', ${JSON.stringify(input)})`);

  test('by the id of a service; an address in the call is refused', async () => {
    await panel.say([service('web', { url: 'http://127.0.0.1:8080/' })]);
    for (const input of [{ service: 'gone' }, { service: 'http://127.0.0.1/' }, { service: 'web', url: 'http://127.0.0.1/' }, { url: 'http://127.0.0.1/' }, 'http://127.0.0.1/']) {
      expect(await open(input)).toMatchObject({ ok: false, error: { code: 'bad-request' } });
    }
    expect(panel.opened()).toEqual([]);
  });
  test('nothing but http and https, wherever it comes from', async () => {
    for (const url of ['file:///etc/passwd', 'javascript:alert(1)', 'data:text/html,x', 'smb://host/share', 'mailto:a@example.org', 'vscode://file/x', 'ms-msdt:/id', '/etc/passwd', '-x', 'httpx://h/', ' http://h/']) {
      await panel.say([service('web', { url })]);
      expect(await open({ service: 'web' }), url).toMatchObject({ ok: false, error: { code: 'bad-request' } });
    }
    expect(panel.opened()).toEqual([]);
  });
  test('as one argument of a program, never as a command line', async () => {
    const url = `http://127.0.0.1:8080/$(touch${'${IFS}'}${join(panel.folder, 'ran')});\`touch\`&x='y'`;
    await panel.say([service('web', { url })]);
    expect(await open({ service: 'web' })).toEqual({ ok: true, value: null });
    await waitFor('xdg-open to be started', () => panel.opened().length > 0);
    // One argument in, one line out. Electron writes the address as a browser would.
    expect(panel.opened()).toEqual([expect.stringMatching(/^http:\/\/127\.0\.0\.1:8080\//) as string]);
    expect(existsSync(join(panel.folder, 'ran'))).toBe(false);
  });
});

describe('17. every message is checked', () => {
  test('a window that is not the panel is refused, though it has the same page and preload', async () => {
    const refusals = await panel.app.evaluate(async ({ app, BrowserWindow }, address) => {
      const intruder = new BrowserWindow({ show: false, webPreferences: { preload: `${app.getAppPath()}/preload.cjs`, sandbox: true } });
      await intruder.loadURL(address);
      const refusalOf = (code: string) => intruder.webContents.executeJavaScript(`${code}.then(() => 'answered', ({ message }) => message)`) as Promise<string>;
      return Promise.all([refusalOf('window.upkeep.call("restart", { service: "web" })'), refusalOf('window.upkeep.call("status", {})'), refusalOf('window.upkeep.desktop("setTheme", { theme: "dark" })')]);
    }, PANEL);
    for (const refusal of refusals) expect(refusal).toContain('by a page that is not the panel');
    expect(await panel.acts()).toEqual([]);
  });

  test('the panel\'s own window is refused as soon as it shows anything else', async () => {
    const refusal = await panel.app.evaluate(async ({ BrowserWindow }) => {
      const page = BrowserWindow.getAllWindows()[0]?.webContents;
      // Only main can do this; no page can, see 13.
      await page?.loadURL('about:blank');
      return page?.executeJavaScript('window.upkeep.call("restart", { service: "web" }).then(() => "answered", ({ message }) => message)') as Promise<unknown>;
    });
    expect(refusal).toContain('by a page that is not the panel');
    expect(await panel.acts()).toEqual([]);
  });

  test('a frame in the panel has no bridge, and what it borrows from the panel speaks for the panel alone', async () => {
    const found = await panel.inPage(`
      const frame = document.body.appendChild(document.createElement('iframe'));
      const apart = document.body.appendChild(Object.assign(document.createElement('iframe'), { sandbox: 'allow-scripts', srcdoc: '<p>apart' }));
      await new Promise((resolve) => { apart.onload = resolve; });
      const reach = () => { try { return 'upkeep' in apart.contentWindow; } catch { return false; } };
      return ['upkeep' in frame.contentWindow, reach()];
    `);
    expect(found).toEqual([false, false]);
  });

  test('no command and no act takes a key that it does not know', async () => {
    const calls = Object.keys(API).filter((name) => !NOT_FOR_PAGES.some((kept) => kept === name)).map((name) => ({ way: 'call', name }));
    for (const { way, name } of [...calls, ...Object.keys(DESKTOP).map((act) => ({ way: 'desktop', name: act }))]) {
      const answer = await panel.inPage(`return window.upkeep.${way}('${name}', { argv: ['rm'] })`);
      expect(answer, name).toMatchObject({ ok: false, error: { code: 'bad-request', message: expect.stringContaining('argv') as string } });
    }
    expect(await panel.acts()).toEqual([]);
  });
  test('what is no input at all is refused', async () => {
    for (const input of ['null', '[]', '"web"', '7', '{ service: ["web"] }', '{ service: "../etc" }', '{ service: "WEB" }', '{ service: "" }', '{ service: { toString: 1 } }']) {
      expect(await panel.inPage(`return window.upkeep.call('restart', ${input})`), input).toMatchObject({ ok: false, error: { code: 'bad-request' } });
    }
    expect(await panel.acts()).toEqual([]);
  });
  test('a command that the contract does not know, or that is not for pages, has no channel', async () => {
    const refusals = await panel.inPage(`
      const refusalOf = async (ask) => { try { await ask(); return 'answered'; } catch ({ message }) { return message; } };
      const names = ['exec', 'openPanel', '__proto__', 'constructor', 'toString', '../subscribe', ''];
      return Promise.all(names.flatMap((name) => [refusalOf(() => window.upkeep.call(name, {})), refusalOf(() => window.upkeep.desktop(name, {}))]));
    `);
    expect(refusals).toHaveLength(14);
    for (const refusal of refusals as string[]) expect(refusal).toMatch(/^A page has no (?:command|act)/);
  });
});

describe('20. pages get no part of Electron', () => {
  test('the bridge has three functions that take and give plain values, and shows nothing of what carries them', async () => {
    const found = await panel.inPage(`
      const shapes = Object.entries(window.upkeep).map(([name, value]) => [name, typeof value, Object.keys(value).length]).sort();
      const heard = await new Promise((resolve) => { const stop = window.upkeep.subscribe((...given) => { resolve(given.map((each) => Object.keys(each).sort())); stop(); }); });
      const globals = ['ipcRenderer', 'electron', 'contextBridge', 'electronBinding'].filter((name) => name in window);
      return { shapes, heard: heard.length, hasSender: heard.flat().includes('sender'), globals };
    `);
    expect(found).toEqual({ shapes: [['call', 'function', 0], ['desktop', 'function', 0], ['subscribe', 'function', 0]], heard: 1, hasSender: false, globals: [] });
  });
});
