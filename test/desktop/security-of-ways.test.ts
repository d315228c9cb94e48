// The rules of Electron's security checklist (electronjs.org/docs/latest/tutorial/security) about where pages may go, under their numbers
// there, tried on a real Electron from inside a page that somebody has taken over: what it can do, a bug in the panel could do.
import { describe, expect, test } from 'vitest';
import { PANEL, useTakenOverPanel } from './taken-over-panel.ts';

const panel = useTakenOverPanel();

describe('7. the content policy', () => {
  test('stands on every answer, to the letter, and relaxes nothing', async () => {
    const policies = await panel.app.evaluate(async ({ net }, addresses) => {
      const answers = await Promise.all(addresses.map((address) => net.fetch(address)));
      return answers.map(({ headers }) => [headers.get('content-security-policy'), headers.get('x-content-type-options')]);
    }, [PANEL, 'app://panel/main.js', 'app://panel/nothing.html']);
    const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    expect(policies).toEqual([[policy, 'nosniff'], [policy, 'nosniff'], [policy, 'nosniff']]);
  });

  test('no code runs that is not in the panel\'s own file', async () => {
    const found = await panel.inPage(`
      const refused = new Set();
      document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) => refused.add(effectiveDirective + ' ' + blockedURI));
      const attempts = {
        inline: () => document.body.append(Object.assign(document.createElement('script'), { textContent: 'window.ran = "inline"' })),
        handler: () => { const node = document.createElement('b'); node.setAttribute('onclick', 'window.ran = "handler"'); document.body.append(node); node.click(); },
        data: () => document.body.append(Object.assign(document.createElement('script'), { src: 'data:text/javascript,window.ran="data"' })),
        blob: () => document.body.append(Object.assign(document.createElement('script'), { src: URL.createObjectURL(new Blob(['window.ran = "blob"'])) })),
        style: () => document.body.append(Object.assign(document.createElement('style'), { textContent: 'h1 { color: rgb(1, 2, 3) }' })),
        worker: () => new Worker(URL.createObjectURL(new Blob(['0']))),
      };
      for (const make of Object.values(attempts)) try { make(); } catch {}
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
      return { ran: window.ran ?? 'nothing', colour: getComputedStyle(document.querySelector('h1')).color, refused: [...refused].map((each) => each.split(' ')[0]).sort() };
    `);
    expect(found).toMatchObject({ ran: 'nothing', refused: expect.arrayContaining(['script-src-attr', 'script-src-elem', 'style-src-elem', 'worker-src']) as string[] });
    expect(found).not.toMatchObject({ colour: 'rgb(1, 2, 3)' });
  });

  // The driver's own evaluation may do what a page may not, so the page's own script asks.
  test('a text is never taken for code', async () => {
    const outcome = await panel.inPage(`
      return new Promise((resolve) => {
        setTimeout('window.ran = "text"');
        setTimeout(() => resolve(window.ran ?? 'nothing'), 50);
      });
    `);
    expect(outcome).toBe('nothing');
  });
});

describe('11, 12. no page is put into a page', () => {
  test('a webview is an element like any other', async () => {
    const found = await panel.inPage(`
      const webview = document.body.appendChild(Object.assign(document.createElement('webview'), { src: 'app://panel/index.html' }));
      return [webview.constructor === HTMLElement, 'WebView' in window];
    `);
    expect(found).toEqual([true, false]);
  });
  test('even in a window that allows it, none is attached', async () => {
    const attached = await panel.app.evaluate(({ BrowserWindow }, address) => new Promise<string[]>((resolve) => {
      const window = new BrowserWindow({ show: false, webPreferences: { webviewTag: true, sandbox: true } });
      window.webContents.on('will-attach-webview', ({ defaultPrevented }) => resolve(['asked', defaultPrevented ? 'refused' : 'attached']));
      void window.loadURL(address).then(() => window.webContents.executeJavaScript('document.body.append(Object.assign(document.createElement("webview"), { src: location.href })); 0'));
    }), PANEL);
    expect(attached).toEqual(['asked', 'refused']);
  });
});

// Only about:blank is not told to main. It has the panel's origin and policy, so whoever empties the panel has gained nothing.
describe('13, 14. the panel stays where it is, and opens nothing', () => {
  const LINK = (properties: string) => `const link = Object.assign(document.createElement('a'), ${properties}); document.body.append(link); link.click();`;
  const ways = () => [
    `location.href = '${panel.visitors.http}'`, `location.href = 'app://elsewhere/index.html'`, `location.href = 'file:///etc/passwd'`, `location.href = 'data:text/html,hello'`,
    `location.replace('app://panel/main.js')`, LINK(`{ href: '${panel.visitors.http}' }`),
    `document.head.append(Object.assign(document.createElement('meta'), { httpEquiv: 'refresh', content: '0; url=${panel.visitors.http}' }))`,
    `const form = Object.assign(document.createElement('form'), { action: 'app://panel/index.html' }); document.body.append(form); form.submit();`,
    `window.open('${panel.visitors.http}')`, `window.open('app://panel/index.html')`, `window.open('about:blank')`, `window.open('')`,
    LINK(`{ href: '${panel.visitors.http}', target: '_blank' }`), LINK(`{ href: 'app://panel/index.html', target: '_blank', rel: 'opener' }`),
  ];
  test('whatever way it takes', async () => {
    for (const way of ways()) {
      const after = await panel.app.evaluate(async ({ BrowserWindow }, code) => {
        const page = BrowserWindow.getAllWindows()[0]?.webContents;
        await page?.executeJavaScript(`window.isStillHere = true; try { ${code} } catch {}; 0`, true);
        // Two turns of the page's own loop: a navigation that was let through would have begun.
        const isStillHere: unknown = await page?.executeJavaScript('new Promise((resolve) => requestAnimationFrame(() => setTimeout(() => resolve(window.isStillHere), 50)))');
        return { isStillHere, address: page?.getURL(), windows: BrowserWindow.getAllWindows().length };
      }, way);
      expect(after, way).toEqual({ isStillHere: true, address: PANEL, windows: 1 });
    }
    expect(panel.visitors.seen()).toEqual([]);
  });
});

describe('18. the panel has a scheme of its own', () => {
  test('no address leads out of the panel\'s folder, nor to another host', async () => {
    const addresses = [
      // A picture beside the panel's folder: of a kind that is served, and there.
      ...['../', '%2e%2e/', '..%2f', '%2e%2e%2f', '..%5c', '.%2e/', '..%2f..%2f', '.%2f..%2f', '..;/', '%252e%252e/'].map((up) => `app://panel/${up}icons/upkeep-64.png`),
      'app://panel/..%2fpanel/..%2ficons/upkeep-64.png', 'app://panel/..%2fmain.cjs',
      'app://panel//etc/passwd', 'app://panel/%2fetc/passwd', 'app://panel/%00index.html', 'app://panel/index.html%00.png',
      'app://panel/', 'app://panel/.', 'app://panel', 'app://panel/%', 'app://elsewhere/index.html', 'app://user@panel/index.html',
    ];
    const given = await panel.app.evaluate(({ net }, asked) => Promise.all(asked.map((address) => net.fetch(address).then(({ status }) => status, () => 'refused'))), addresses);
    expect(given.flatMap((answer, at) => (answer === 404 || answer === 'refused' ? [] : [`${addresses[at]}: ${answer}`]))).toEqual([]);
  });
  test('and GET is all it answers', async () => {
    const statuses = await panel.app.evaluate(({ net }, address) => Promise.all(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].map(async (method) => (await net.fetch(address, { method })).status)), PANEL);
    expect(statuses).toEqual([200, 405, 405, 405, 405, 405, 405]);
  });
  test('no page sees a file, neither by file: nor through the panel\'s own scheme', async () => {
    const found = await panel.inPage(`
      const addresses = ['file:///etc/hostname', 'file:///etc/passwd', 'app://panel/%2fetc/passwd', 'view-source:app://panel/index.html', 'filesystem:app://panel/x', 'chrome://version', 'devtools://devtools/bundled/inspector.html'];
      const outcomes = await Promise.all(addresses.flatMap((address) => [
        fetch(address).then(() => 'read', () => 'refused'),
        new Promise((resolve) => document.body.append(Object.assign(document.createElement('script'), { src: address, onload: () => resolve('read'), onerror: () => resolve('refused') }))),
        new Promise((resolve) => document.body.append(Object.assign(document.createElement('img'), { src: address, onload: () => resolve('read'), onerror: () => resolve('refused') }))),
      ]));
      return [...new Set(outcomes)];
    `);
    expect(found).toEqual(['refused']);
  });
});
