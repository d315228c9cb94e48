// Answers as the running supervisor would: the same UpkeepApi, carried over its socket.
// It never starts anything, and never repeats a command whose answer got lost.
import { request as httpRequest, type ClientRequest } from 'node:http';
import { API, ApiError, apiErrorSchema, type CommandInput, type CommandName, type CommandResult, type LiveMessage, type UpkeepApi } from '../contract/api.ts';
import type { Stop } from '../ports.ts';
import { openEventReader } from './event-reader.ts';
import { LOCAL_API_HOST, locateSocket } from './socket.ts';

/** A supervisor accepts at once; how soon it answers depends on how busy the machine is. */
const ANSWER_WITHIN_MS = 10_000;
/** For commands that only read. Acts take as long as they take: a restart waits until it is verified. */
const READ_WITHIN_MS = 10_000;

export interface ConnectedApi extends UpkeepApi {
  /** Resolves when the supervisor has gone away, or this connection was closed. */
  readonly lost: Promise<void>;
  /** Lets go of every connection. Calls under way reject with `unavailable`. Calling it twice is fine. */
  close(): void;
}

/** The contract's table, seen so that the name of a command and the type of its result stay together. */
const RESULTS: { readonly [Name in CommandName]: { readonly result: { parse(value: unknown): CommandResult<Name> } } } = API;

/**
 * Connects to the supervisor that runs over this data folder; null at once when none runs there.
 * Rejects with `ApiError` when somebody accepts but does not answer within `answerWithinMs` (default 10 s) or not in our words,
 * or the socket belongs to another user.
 */
export async function connect(home: string, { answerWithinMs = ANSWER_WITHIN_MS }: { readonly answerWithinMs?: number } = {}): Promise<ConnectedApi | null> {
  const socketPath = locateSocket(home);
  const listeners = new Set<(message: LiveMessage) => void>();
  let snapshot: LiveMessage | undefined;
  const reader = openEventReader(socketPath, (message) => {
    if (message.kind === 'snapshot') snapshot = message;
    for (const listener of [...listeners]) listener(message);
  });
  if (!(await reader.openedWithin(answerWithinMs))) return null;

  const underWay = new Set<ClientRequest>();
  return {
    call: (name, input) => callOver(socketPath, underWay, name, input),
    subscribe(listener): Stop {
      // Its own function, so that one listener subscribed twice is two subscriptions.
      const own = (message: LiveMessage): void => { listener(message); };
      listeners.add(own);
      if (snapshot !== undefined) own(snapshot);
      return () => { listeners.delete(own); };
    },
    lost: reader.closed,
    close() {
      reader.close();
      for (const request of underWay) request.destroy();
    },
  };
}

async function callOver<Name extends CommandName>(socketPath: string, underWay: Set<ClientRequest>, name: Name, input: CommandInput<Name>): Promise<CommandResult<Name>> {
  const text = await post(socketPath, underWay, name, JSON.stringify(input));
  try {
    const answer: unknown = JSON.parse(text);
    if (typeof answer === 'object' && answer !== null) {
      if ('result' in answer) return RESULTS[name].result.parse(answer.result);
      if ('error' in answer) {
        const { code, message } = apiErrorSchema.parse(answer.error);
        throw new ApiError(code, message);
      }
    }
  } catch (error) {
    if (error instanceof ApiError) throw error;
  }
  throw new ApiError('failed', `The running Upkeep answered "${name}" in a way this version does not understand; both must be the same version.`);
}

function post(socketPath: string, underWay: Set<ClientRequest>, name: CommandName, body: string): Promise<string> {
  const acts = API[name].effect === 'act';
  return new Promise((resolve, reject) => {
    const request = httpRequest({
      socketPath, method: 'POST', path: `/v1/${name}`, agent: false,
      headers: { host: LOCAL_API_HOST, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
    });
    const late = acts ? undefined : setTimeout(() => request.destroy(), READ_WITHIN_MS);
    underWay.add(request);
    request.once('close', () => {
      clearTimeout(late);
      underWay.delete(request);
      // After a whole answer this changes nothing.
      reject(new ApiError('unavailable', acts ? `The connection to Upkeep was lost before it answered: whether "${name}" was done is not known.` : 'Upkeep does not answer.'));
    });
    // 'close' follows and rejects; the cause adds nothing that a caller could act on.
    request.on('error', () => undefined);
    request.once('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => { text += chunk; });
      response.on('error', () => undefined);
      response.once('end', () => { resolve(text); });
    });
    request.end(body);
  });
}
