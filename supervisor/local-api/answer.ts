// Answers one request for a command: does it fit, what did the command give. Whether it may be asked at all is the matter of who carries it.
// Refusals are values; it never writes to the connection and never decides anything about services.
import type { IncomingMessage } from 'node:http';
import { API, ApiError, type ApiErrorCode, type CommandInput, type CommandName, type UpkeepApi } from '../contract/api.ts';

const MAX_BODY_BYTES = 64 * 1024;
const STATUS_OF: Record<ApiErrorCode, number> = { 'unknown-service': 404, 'bad-request': 400, unavailable: 503, failed: 500 };

export interface Answer {
  readonly status: number;
  readonly body: { readonly result: unknown } | { readonly error: { readonly code: ApiErrorCode; readonly message: string } };
}

interface Issue { readonly path: readonly PropertyKey[]; readonly message: string }
type Parsed<Value> = { readonly success: true; readonly data: Value } | { readonly success: false; readonly error: { readonly issues: readonly Issue[] } };
/** The contract's table, seen so that the name of a command and the type of its input stay together. */
const INPUTS: { readonly [Name in CommandName]: { readonly input: { safeParse(value: unknown): Parsed<CommandInput<Name>> } } } = API;

const isCommand = (name: string): name is CommandName => Object.hasOwn(API, name);

export function refuse(status: number, message: string): Answer {
  return { status, body: { error: { code: 'bad-request', message } } };
}

/** Rejects only when the connection breaks while the body is read. */
export async function answerCommand(api: UpkeepApi, name: string, request: IncomingMessage): Promise<Answer> {
  if (!isCommand(name)) return refuse(404, `There is no command ${JSON.stringify(name)}.`);
  const body = await readJson(request, `"${name}"`);
  return 'status' in body ? body : callCommand(api, name, body.json);
}

/** The JSON that was posted, or why it is refused; `what` names what it is for. Rejects when the connection breaks. */
export async function readJson(request: IncomingMessage, what: string): Promise<{ readonly json: unknown } | Answer> {
  if (request.method !== 'POST') return refuse(405, `${what} is asked for with POST.`);
  const [mediaType = ''] = (request.headers['content-type'] ?? '').split(';');
  if (mediaType.trim().toLowerCase() !== 'application/json') return refuse(415, 'Expected the content type application/json.');
  const text = await readBody(request);
  if (text === null) return refuse(413, `Expected a body of at most ${MAX_BODY_BYTES} bytes.`);
  try {
    return { json: JSON.parse(text) };
  } catch {
    return refuse(400, 'Expected a JSON body.');
  }
}

async function callCommand<Name extends CommandName>(api: UpkeepApi, name: Name, body: unknown): Promise<Answer> {
  const input = INPUTS[name].input.safeParse(body);
  if (!input.success) return refuse(400, `"${name}": ${input.error.issues.map(describeIssue).join('; ')}.`);
  try {
    return { status: 200, body: { result: await api.call(name, input.data) } };
  } catch (error) {
    const { code, message } = error instanceof ApiError ? error : new ApiError('failed', error instanceof Error ? error.message : String(error));
    return { status: STATUS_OF[code], body: { error: { code, message } } };
  }
}

function describeIssue({ path, message }: Issue): string {
  return path.length === 0 ? message : `${path.map(String).join('.')}: ${message}`;
}

/** null: longer than allowed; the rest of it is read and dropped. Rejects when the connection breaks. */
function readBody(request: IncomingMessage): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
      else resolve(null);
    });
    request.once('end', () => { resolve(Buffer.concat(chunks).toString('utf8')); });
    request.once('error', reject);
  });
}
