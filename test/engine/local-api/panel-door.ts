// A panel server over made-up page files, an API in memory and a clock that moves only when told, and a browser's requests as bytes say them.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { connect as connectSocket, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect } from 'vitest';
import { createPanelServer, type PanelServer, type PanelServerOptions } from '../../../supervisor/local-api/panel-server.ts';
import { VirtualClock } from '../../fakes/virtual-clock.ts';
import { eventually } from './eventually.ts';
import { InMemoryApi } from './in-memory-api.ts';

export const FILES = { 'index.html': '<!doctype html><title>Upkeep</title>', 'main.js': 'start();', 'main.css': 'body {}', 'icon.png': 'a picture' } as const;

export interface Asked {
  readonly method?: string;
  readonly path?: string;
  /** undefined: not sent. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly body?: string;
}
export interface Answered { readonly status: number; readonly headers: IncomingHttpHeaders; readonly text: string; readonly error: string }

export class PanelDoor {
  folder = '';
  port = 0;
  api = new InMemoryApi();
  clock = new VirtualClock();
  told: string[] = [];
  readonly sockets: Socket[] = [];
  #server: PanelServer | undefined;

  server(options: Partial<PanelServerOptions> = {}): PanelServer {
    return (this.#server ??= createPanelServer(this.api, { folder: this.folder, clock: this.clock, tell: (line) => this.told.push(line), ...options }));
  }
  get origin(): string { return `http://127.0.0.1:${this.port}`; }
  get cookieName(): string { return `upkeep_session_${this.port}`; }

  /** Opens the door and gives the token of its address. */
  async open(options?: Partial<PanelServerOptions>): Promise<string> {
    const { origin, port, hash, pathname } = new URL(await this.server(options).open());
    this.port = Number(port);
    expect({ origin, pathname }).toEqual({ origin: this.origin, pathname: '/' });
    const [, token = ''] = /^#token=([\w-]{43})$/.exec(hash) ?? [];
    return token;
  }
  /** What the page itself sends with a POST. */
  get ownHeaders(): Record<string, string> {
    return { host: `127.0.0.1:${this.port}`, origin: this.origin, 'sec-fetch-site': 'same-origin', 'content-type': 'application/json' };
  }
  ask({ method = 'POST', path = '/v1/status', headers = {}, body = '{}' }: Asked): Promise<Answered> {
    const sent = Object.fromEntries(Object.entries({ ...this.ownHeaders, ...headers }).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
    return new Promise((resolve, reject) => {
      const request = httpRequest({ host: '127.0.0.1', port: this.port, method, path, agent: false, headers: sent });
      request.once('error', reject);
      request.once('response', (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => { text += chunk; });
        response.once('end', () => { resolve({ status: response.statusCode ?? 0, headers: response.headers, text, error: errorIn(text) }); });
      });
      request.end(method === 'GET' ? undefined : body);
    });
  }
  exchange(token: string, headers: Asked['headers'] = {}): Promise<Answered> {
    return this.ask({ path: '/session', body: JSON.stringify({ token }), headers });
  }
  /** The cookie, as the browser sends it back. */
  async session(token?: string): Promise<string> {
    const { headers: { 'set-cookie': [cookie = ''] = [] } } = await this.exchange(token ?? await this.open());
    return cookie.split(';')[0] ?? '';
  }
  /** Opens the event stream and leaves it open. */
  async stream(cookie: string): Promise<{ readonly text: () => string; readonly closed: Promise<void>; leave(): void }> {
    const before = this.api.subscribers;
    const socket = connectSocket(this.port, '127.0.0.1');
    this.sockets.push(socket);
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => { text += chunk; });
    socket.on('error', () => undefined);
    const closed = new Promise<void>((resolve) => { socket.once('close', () => { resolve(); }); });
    socket.write(`GET /v1/events HTTP/1.1\r\nHost: 127.0.0.1:${this.port}\r\nSec-Fetch-Site: same-origin\r\nCookie: ${cookie}\r\n\r\n`);
    await eventually(() => { expect(text).toContain('data: '); });
    expect(this.api.subscribers).toBe(before + 1);
    return { text: () => text, closed, leave: () => { socket.destroy(); } };
  }

  async begin(): Promise<void> {
    this.folder = await mkdtemp(join(tmpdir(), 'upkeep-panel-'));
    for (const [name, text] of Object.entries(FILES)) await writeFile(join(this.folder, name), text);
    await writeFile(join(this.folder, 'main.js.map'), '{}');
    this.api = new InMemoryApi();
    this.clock = new VirtualClock();
    this.told = [];
    this.#server = undefined;
  }
  async end(): Promise<void> {
    await this.#server?.close();
    for (const socket of this.sockets.splice(0)) socket.destroy();
    await rm(this.folder, { recursive: true });
  }
}

function errorIn(text: string): string {
  try {
    const answer = JSON.parse(text) as { error?: { message?: string } };
    return answer.error?.message ?? '';
  } catch {
    return '';
  }
}

/** Call at the top of a test file. Whatever a test leaves open fails it. */
export function usePanelDoor(): PanelDoor {
  const door = new PanelDoor();
  let serversBefore = 0;
  const openServers = (): number => process.getActiveResourcesInfo().filter((name) => name.startsWith('TCP')).length;
  beforeEach(async () => {
    serversBefore = openServers();
    await door.begin();
  });
  afterEach(async () => {
    await door.end();
    await eventually(() => { expect(door.api.subscribers).toBe(0); });
    await eventually(() => { expect(openServers()).toBe(serversBefore); });
    expect(door.clock.pending()).toBe(0);
  });
  return door;
}
