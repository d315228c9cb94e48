// Carries the panel in a browser: commands by fetch, live messages by EventSource, both to the address the page came from.
// The one-time token of that address becomes a session first. It says when that is over and never starts one by itself.
import type { CommandInput, CommandName, CommandResult } from '../supervisor/contract/api.ts';
import type { Answer, LinkState, PanelBridge, PanelMessage } from '../supervisor/contract/panel.ts';
import { SESSION_PATH, TOKEN_FRAGMENT } from '../supervisor/contract/panel-session.ts';

/** Time between two attempts while nobody answers. */
const RETRY_MS = 2_000;

const NO_SESSION = 'This page needs an address that was made for it. Run "upkeep panel" to get one.';
const LOST = 'This page keeps asking. If Upkeep was started anew, run "upkeep panel" for its new address.';
const NO_ANSWER = 'Upkeep did not answer. What you asked for may be done all the same.';
const NO_WORD = 'What answers here is no Upkeep of this version. Load the page again.';

type Posted = { readonly status: number; readonly body: unknown } | null;
type ServerMessage = Extract<PanelMessage, { kind: 'snapshot' | 'event' }>;

export function createHttpBridge(): PanelBridge {
  const listeners = new Set<(message: PanelMessage) => void>();
  let link: LinkState = { kind: 'starting' };
  let snapshot: PanelMessage | null = null;
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let token = takeToken();
  let hadSession = token !== null;
  /** Commands wait for it: before it they would be refused. */
  let entering: Promise<void> = Promise.resolve();

  const tell = (message: PanelMessage): void => {
    for (const listener of [...listeners]) listener(message);
  };
  const become = (next: LinkState): void => {
    // The same news every two seconds is none.
    if (JSON.stringify(next) === JSON.stringify(link)) return;
    link = next;
    tell({ kind: 'link', link });
  };
  const hangUp = (): void => {
    clearTimeout(timer);
    source?.close();
    source = null;
  };
  const end = (body: unknown): void => {
    hangUp();
    become({ kind: 'ended', message: hadSession ? errorOf(body).message : NO_SESSION });
  };
  const connectLater = (): void => {
    hangUp();
    timer = setTimeout(connect, RETRY_MS);
  };
  const lose = (): void => {
    become({ kind: 'lost', message: LOST });
    connectLater();
  };

  /** A stream that breaks does not say why; a command does. */
  const askWhy = async (): Promise<void> => {
    hangUp();
    const posted = await post('/v1/status', {});
    if (listeners.size === 0 || source !== null) return;
    if (posted === null) lose();
    else if (posted.status === 401) end(posted.body);
    else connectLater();
  };
  const listen = (): void => {
    const opened = new EventSource('/v1/events');
    source = opened;
    opened.onmessage = ({ data }) => {
      const message = readMessage(data);
      if (message === null) return;
      if (message.kind === 'snapshot') snapshot = message;
      hadSession = true;
      become({ kind: 'attached' });
      tell(message);
    };
    opened.onerror = () => { if (source === opened) void askWhy(); };
  };
  const enter = async (): Promise<void> => {
    if (token !== null) {
      const posted = await post(SESSION_PATH, { token });
      if (posted === null) return lose();
      token = null;
      if (posted.status !== 200) return end(posted.body);
    }
    listen();
  };
  function connect(): void {
    hangUp();
    entering = enter();
  }
  // A new address pasted into a page that is open changes nothing but the fragment.
  window.addEventListener('hashchange', () => {
    const given = takeToken();
    if (given === null) return;
    token = given;
    hadSession = true;
    if (listeners.size > 0) connect();
  });

  return {
    desktop: null,
    async call<Name extends CommandName>(name: Name, input: CommandInput<Name>): Promise<Answer<CommandResult<Name>>> {
      await entering;
      const posted = await post(`/v1/${name}`, input);
      if (posted === null) return { ok: false, error: { code: 'unavailable', message: NO_ANSWER } };
      if (posted.status === 401) end(posted.body);
      return hasResult<CommandResult<Name>>(posted.body) ? { ok: true, value: posted.body.result } : { ok: false, error: errorOf(posted.body) };
    },
    subscribe(listener) {
      // Its own function, so that one listener subscribed twice is two subscriptions.
      const own = (message: PanelMessage): void => listener(message);
      listeners.add(own);
      own({ kind: 'link', link });
      if (snapshot !== null) own(snapshot);
      if (listeners.size === 1) connect();
      return () => {
        listeners.delete(own);
        if (listeners.size === 0) hangUp();
      };
    },
  };
}

/** The token of a fresh address, which is taken out of the address bar at once; null: the address has none. */
function takeToken(): string | null {
  if (!location.hash.startsWith(TOKEN_FRAGMENT)) return null;
  const token = location.hash.slice(TOKEN_FRAGMENT.length);
  history.replaceState(null, '', '#/');
  return token;
}

/** null: nobody answered, or not in our words. */
async function post(path: string, input: unknown): Promise<Posted> {
  try {
    const response = await fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(input), redirect: 'error' });
    return { status: response.status, body: await response.json() };
  } catch {
    return null;
  }
}

// Who answers has served this page and is of its version, so only the frame of an answer is looked at here, as behind the preload.
const hasResult = <Value>(body: unknown): body is { readonly result: Value } => isObject(body) && 'result' in body;
const isServerMessage = (body: unknown): body is ServerMessage => isObject(body) && 'kind' in body && (body.kind === 'snapshot' || body.kind === 'event');
const isError = (error: unknown): error is Extract<Answer<never>, { ok: false }>['error'] => isObject(error) && 'code' in error && 'message' in error;
const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

function errorOf(body: unknown): Extract<Answer<never>, { ok: false }>['error'] {
  return isObject(body) && 'error' in body && isError(body.error) ? body.error : { code: 'failed', message: NO_WORD };
}

function readMessage(data: unknown): ServerMessage | null {
  if (typeof data !== 'string') return null;
  try {
    const message: unknown = JSON.parse(data);
    return isServerMessage(message) ? message : null;
  } catch {
    return null;
  }
}
