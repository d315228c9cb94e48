// The rules of Electron's security checklist (electronjs.org/docs/latest/tutorial/security) about pages and what they load, under their numbers
// there, tried on a real Electron from inside a page that somebody has taken over: what it can do, a bug in the panel could do.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { useTakenOverPanel } from './taken-over-panel.ts';

const panel = useTakenOverPanel();

describe('1. only the panel\'s own files are loaded', () => {
  test('whatever a page tries, not a byte leaves the machine, nor reaches a port of it', async () => {
    const tried = await panel.inPage(`
      const { http, host, stun } = ${JSON.stringify(panel.visitors)};
      const outcomes = {};
      const within = (promise) => Promise.race([promise, new Promise((resolve) => setTimeout(() => resolve('no answer'), 3_000))]);
      const attempt = async (name, make) => {
        try { outcomes[name] = String(await within(make())); } catch (error) { outcomes[name] = 'refused'; }
      };
      const element = (name, properties) => new Promise((resolve) => {
        const node = Object.assign(document.createElement(name), { onload: () => resolve('loaded'), onerror: () => resolve('refused') }, properties);
        document.body.append(node);
        node.click?.();
      });
      const noted = (make) => async () => { make(); return 'tried'; };
      await attempt('preconnect', noted(() => document.head.append(Object.assign(document.createElement('link'), { rel: 'preconnect', href: http }))));
      await attempt('prefetch', noted(() => document.head.append(Object.assign(document.createElement('link'), { rel: 'prefetch', href: http + 'prefetch' }))));
      await Promise.all([
        attempt('fetch', () => fetch(http + 'fetch', { mode: 'no-cors' }).then(() => 'answered')),
        attempt('xhr', () => new Promise((resolve) => { const xhr = new XMLHttpRequest(); xhr.open('GET', http); xhr.onload = () => resolve('answered'); xhr.onerror = () => resolve('refused'); xhr.send(); })),
        attempt('beacon', noted(() => navigator.sendBeacon(http + 'beacon', 'x'))),
        attempt('socket', () => new Promise((resolve) => { const socket = new WebSocket('ws://' + host); socket.onopen = () => resolve('opened'); socket.onerror = () => resolve('refused'); })),
        attempt('events', () => new Promise((resolve) => { const events = new EventSource(http); events.onopen = () => resolve('opened'); events.onerror = () => { events.close(); resolve('refused'); }; })),
        attempt('image', () => element('img', { src: http + 'image' })),
        attempt('script', () => element('script', { src: http + 'script' })),
        attempt('style', () => element('link', { rel: 'stylesheet', href: http + 'style' })),
        attempt('frame', noted(() => element('iframe', { src: http + 'frame' }))),
        attempt('object', noted(() => element('object', { data: http + 'object' }))),
        attempt('video', () => element('video', { src: http + 'video' })),
        attempt('ping', noted(() => element('a', { href: '#', ping: http + 'ping' }))),
        attempt('font', () => new FontFace('x', 'url(' + http + 'font)').load().then(() => 'loaded')),
        attempt('import', () => import(http + 'module').then(() => 'loaded')),
        attempt('worker', () => new Promise((resolve) => { const worker = new Worker(http + 'worker'); worker.onerror = () => resolve('refused'); worker.onmessage = () => resolve('loaded'); })),
        attempt('service worker', () => navigator.serviceWorker.register(http + 'sw').then(() => 'loaded')),
        attempt('form', noted(() => { const form = Object.assign(document.createElement('form'), { action: http + 'form', method: 'POST' }); document.body.append(form); form.submit(); })),
        attempt('peer', () => new Promise((resolve, reject) => {
          const peer = new RTCPeerConnection({ iceServers: [{ urls: stun }, { urls: 'turn:' + host + '?transport=tcp', username: 'x', credential: 'x' }] });
          peer.onicecandidate = ({ candidate }) => { if (candidate === null) resolve('over'); };
          peer.createDataChannel('x');
          peer.createOffer().then((offer) => peer.setLocalDescription(offer)).catch(reject);
        })),
      ]);
      return outcomes;
    `);
    expect(Object.values(tried as Record<string, string>).filter((outcome) => ['answered', 'opened', 'loaded'].includes(outcome)), JSON.stringify(tried)).toEqual([]);
    expect(panel.visitors.seen()).toEqual([]);
  });

  test('main requests nothing from the network either, in whatever session', async () => {
    const refusals = await panel.app.evaluate(async ({ net, session }, addresses) => {
      const refusalOf = (request: Promise<unknown>) => request.then(() => 'answered', (error: unknown) => String(error));
      return Promise.all(addresses.flatMap((address) => [refusalOf(net.fetch(address)), refusalOf(session.fromPartition('another').fetch(address))]));
    }, [panel.visitors.http, 'https://127.0.0.1:9/']);
    for (const refusal of refusals) expect(refusal).toContain('ERR_BLOCKED_BY_CLIENT');
    expect(panel.visitors.seen()).toEqual([]);
  });

  test('nothing is downloaded', async () => {
    const [began] = await Promise.all([
      panel.app.evaluate(({ session }) => new Promise<boolean>((resolve) => { session.defaultSession.once('will-download', ({ defaultPrevented }) => resolve(defaultPrevented)); })),
      panel.inPage(`Object.assign(document.createElement('a'), { href: URL.createObjectURL(new Blob(['x'])), download: 'x.sh' }).click()`),
    ]);
    expect(began).toBe(true);
  });
});

describe('2. pages have no Node', () => {
  const NODE = ['require', 'process', 'module', 'exports', 'Buffer', 'global', '__dirname', '__filename', 'setImmediate'];
  test('neither the panel nor a frame in it', async () => {
    const found = await panel.inPage(`
      const frame = document.body.appendChild(document.createElement('iframe'));
      const names = ${JSON.stringify(NODE)};
      const found = [window, frame.contentWindow].map((each) => names.filter((name) => name in each));
      frame.remove();
      return found;
    `);
    expect(found).toEqual([[], []]);
  });
});

describe('3. the preload is a world of its own', () => {
  test('what the page replaces is not what the preload uses, and the bridge cannot be changed', async () => {
    const found = await panel.inPage(`
      const caught = [];
      const originals = [[Function.prototype, 'call'], [Function.prototype, 'apply'], [Promise.prototype, 'then'], [Array.prototype, 'push'], [Object, 'keys'], [JSON, 'stringify']]
        .map(([owner, name]) => ({ owner, name, original: owner[name] }));
      for (const { owner, name, original } of originals) {
        owner[name] = function (...given) {
          for (let at = 0; at < given.length; at += 1) if (given[at] && (given[at].invoke || given[at].sendSync || given[at].sender)) caught[caught.length] = name;
          return Reflect.apply(original, this, given);
        };
      }
      const before = window.upkeep.call;
      try { window.upkeep.call = () => 'mine'; window.upkeep.other = 1; delete window.upkeep.subscribe; window.upkeep = null; } catch {}
      const stop = window.upkeep.subscribe(() => {});
      await window.upkeep.call('status', {});
      stop();
      for (const { owner, name, original } of originals) owner[name] = original;
      return { caught, isSame: window.upkeep.call === before, keys: Object.keys(window.upkeep).sort() };
    `);
    expect(found).toEqual({ caught: [], isSame: true, keys: ['call', 'desktop', 'subscribe'] });
  });
});

// As root, where Chromium has no sandbox, the test would be about nothing.
describe.runIf(process.getuid?.() !== 0)('4. pages run in the sandbox', () => {
  test('the kernel filters the calls of the page\'s process and gives it no file system', async () => {
    const pid = await panel.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getOSProcessId() ?? 0);
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    expect(status).toMatch(/^Seccomp:\s+2$/m);
    expect(status).toMatch(/^NoNewPrivs:\s+1$/m);
    expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8')).not.toContain('--no-sandbox');
  });
});

describe('5. every permission is denied', () => {
  test('whatever is asked for', async () => {
    const answers = await panel.inPage(`
      const answerOf = (ask) => Promise.race([
        Promise.resolve().then(ask).then((answer) => (answer === 'denied' ? 'denied' : 'granted: ' + answer), ({ name }) => name),
        new Promise((resolve) => setTimeout(() => resolve('no answer'), 5_000)),
      ]);
      const asked = {
        notifications: () => Notification.requestPermission(),
        camera: () => navigator.mediaDevices.getUserMedia({ video: true }),
        microphone: () => navigator.mediaDevices.getUserMedia({ audio: true }),
        screen: () => navigator.mediaDevices.getDisplayMedia({ video: true }),
        place: () => new Promise((resolve, reject) => navigator.geolocation.getCurrentPosition(resolve, ({ code }) => reject({ name: 'code ' + code }))),
        clipboard: () => navigator.clipboard.readText(),
        midi: () => navigator.requestMIDIAccess({ sysex: true }),
        usb: () => navigator.usb.requestDevice({ filters: [] }),
        hid: () => navigator.hid.requestDevice({ filters: [] }).then((devices) => { if (devices.length === 0) throw { name: 'none' }; }),
        serial: () => navigator.serial.requestPort(),
        bluetooth: () => navigator.bluetooth.requestDevice({ acceptAllDevices: true }),
      };
      return Object.fromEntries(await Promise.all(Object.entries(asked).map(async ([name, ask]) => [name, await answerOf(ask)])));
    `);
    expect(Object.entries(answers as Record<string, string>).filter(([, answer]) => answer.startsWith('granted') || answer === 'no answer')).toEqual([]);
  });
  test('and whatever is looked up', async () => {
    const states = await panel.inPage(`
      const names = ['geolocation', 'notifications', 'camera', 'microphone', 'midi', 'clipboard-read', 'clipboard-write', 'persistent-storage', 'background-sync', 'screen-wake-lock', 'idle-detection', 'window-management', 'local-fonts'];
      return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await navigator.permissions.query({ name }).then(({ state }) => state, () => 'unknown')])));
    `);
    expect(Object.entries(states as Record<string, string>).filter(([, state]) => state === 'granted')).toEqual([]);
    expect(states).toMatchObject({ geolocation: 'denied', notifications: 'denied', camera: 'denied', 'clipboard-read': 'denied' });
  });
});
