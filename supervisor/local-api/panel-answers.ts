// Answers what a browser asks at the panel's door: the page's files, a session for a token, and the API to whoever has a session.
// It refuses first and answers then; it opens and closes nothing.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { NOT_FOR_PAGES } from '../contract/api.ts';
import { SESSION_PATH } from '../contract/panel-session.ts';
import { readJson, refuse, type Answer } from './answer.ts';
import { send, type HttpService } from './http-service.ts';
import { PANEL_HEADERS, type PanelFile } from './panel-files.ts';
import { TOKEN_LIVES_MS, type PanelKeys } from './panel-keys.ts';
import { cookieText, refuseOtherPages, refuseStranger, secretsOf, type PanelAddress } from './panel-requests.ts';

export interface PanelDoor {
  readonly address: PanelAddress;
  readonly keys: PanelKeys;
  readonly files: ReadonlyMap<string, PanelFile>;
  readonly service: HttpService;
}

/** Rejects when the connection breaks meanwhile. */
export async function answerPanel(door: PanelDoor, pathname: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  for (const [name, value] of Object.entries(PANEL_HEADERS)) response.setHeader(name, value);
  const refusal = refuseStranger(request, door.address);
  if (refusal !== null) send(response, refusal);
  else if (pathname === SESSION_PATH) send(response, await beginSession(door, request, response));
  else if (!pathname.startsWith('/v1/')) sendFile(door, pathname, request, response);
  else {
    const closed = enterSession(door, pathname, request, response);
    if (closed !== null) send(response, closed);
    else await door.service.answer(pathname, request, response);
  }
}

/** Exchanges the token of an address for a session's cookie. */
async function beginSession({ address, keys }: PanelDoor, request: IncomingMessage, response: ServerResponse): Promise<Answer> {
  const refusal = refuseOtherPages(request);
  if (refusal !== null) return refusal;
  const body = await readJson(request, 'A session');
  if ('status' in body) return body;
  const token = readToken(body.json);
  if (token === null) return refuse(400, 'Expected {"token": "..."} and nothing else.');
  const session = keys.exchange(token, secretsOf(request, address));
  if (session === null) return unauthorized(`This address has been used already, or is older than ${TOKEN_LIVES_MS / 60_000} minutes. Run "upkeep panel" again.`);
  if (session.kind === 'begun') response.setHeader('set-cookie', cookieText(address, session.secret));
  return { status: 200, body: { result: null } };
}

function readToken(json: unknown): string | null {
  if (typeof json !== 'object' || json === null || !('token' in json)) return null;
  return typeof json.token === 'string' && Object.keys(json).length === 1 ? json.token : null;
}

/** Why the request is refused; null: it belongs to a session, which is in use until the answer has ended. */
function enterSession({ address, keys }: PanelDoor, pathname: string, request: IncomingMessage, response: ServerResponse): Answer | null {
  const refusal = refuseOtherPages(request);
  if (refusal !== null) return refusal;
  if (NOT_FOR_PAGES.some((name) => pathname === `/v1/${name}`)) return refuse(403, `"${pathname.slice('/v1/'.length)}" is not for pages.`);
  const leave = keys.enter(secretsOf(request, address), () => { response.destroy(); });
  if (leave === null) return unauthorized('This page\'s session is over. Run "upkeep panel" again.');
  response.once('close', leave);
  return null;
}

const unauthorized = (message: string): Answer => ({ status: 401, body: { error: { code: 'unavailable', message } } });

function sendFile({ files }: PanelDoor, pathname: string, request: IncomingMessage, response: ServerResponse): void {
  const file = files.get(pathname);
  if (file === undefined) return send(response, refuse(404, `There is nothing at ${pathname}.`));
  if (request.method !== 'GET') return send(response, refuse(405, `${pathname} is asked for with GET.`));
  response.writeHead(200, { 'content-type': file.type, 'content-length': file.contents.length, connection: 'close' });
  response.end(file.contents);
}
