// Answers one question: does anybody own this name on the D-Bus session bus? A few bytes over the bus's own socket,
// because neither a D-Bus library nor a command-line tool is on every machine, and starting programs is not our business.
import { connect, type Socket } from 'node:net';

const TIMEOUT_MS = 2_000;
const BUS = 'org.freedesktop.DBus';
const METHOD_CALL = 1;
const METHOD_RETURN = 2;
const ERROR = 3;
const FIELD = { path: 1, interface: 2, member: 3, replySerial: 5, destination: 6, signature: 8 } as const;
const HELLO_SERIAL = 1;
const QUESTION_SERIAL = 2;

/** null: the bus could not be asked (none, not a plain socket file, no answer within 2 s). Never rejects. */
export function nameHasOwner(name: string, address: string | undefined): Promise<boolean | null> {
  const path = locateSocket(address);
  if (path === null) return Promise.resolve(null);
  return new Promise((resolve) => {
    const socket = connect({ path });
    const settle = (answer: boolean | null) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    const timer = setTimeout(() => settle(null), TIMEOUT_MS);
    socket.once('error', () => settle(null));
    socket.once('close', () => settle(null));
    socket.once('connect', () => converse(socket, name, settle));
  });
}

/** Path of the first socket file in an address such as "unix:path=/run/user/1000/bus,guid=…;tcp:…". */
export function locateSocket(address: string | undefined): string | null {
  for (const candidate of (address ?? '').split(';')) {
    const path = /^unix:(?:.*,)?path=([^,]+)/.exec(candidate)?.[1];
    // Node 18 cannot reach the abstract sockets some sessions use (unix:abstract=…).
    if (path !== undefined) return decodeURIComponent(path);
  }
  return null;
}

function converse(socket: Socket, name: string, settle: (answer: boolean | null) => void): void {
  let received: Buffer = Buffer.alloc(0);
  let isAuthenticated = false;
  const uid = Buffer.from(String(process.getuid?.() ?? 0)).toString('hex');
  socket.write(`\0AUTH EXTERNAL ${uid}\r\n`);
  socket.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    if (!isAuthenticated) {
      const end = received.indexOf('\r\n');
      if (end < 0) return;
      if (!received.toString('latin1', 0, end).startsWith('OK ')) return settle(null);
      isAuthenticated = true;
      received = received.subarray(end + 2);
      socket.write('BEGIN\r\n');
      socket.write(Buffer.concat([encodeCall(HELLO_SERIAL, 'Hello'), encodeCall(QUESTION_SERIAL, 'NameHasOwner', name)]));
    }
    for (let message = takeMessage(received); message !== null; message = takeMessage(received)) {
      received = message.rest;
      if (message.replySerial === QUESTION_SERIAL) return settle(message.type === METHOD_RETURN ? message.body.readUInt32LE(0) === 1 : null);
      if (message.type === ERROR) return settle(null);
    }
  });
}

/** A call of the bus itself, little endian, with at most one string. */
function encodeCall(serial: number, member: string, argument?: string): Buffer {
  const body = argument === undefined ? Buffer.alloc(0) : encodeString(argument);
  const fields = [
    encodeField(FIELD.path, 'o', encodeString('/org/freedesktop/DBus')),
    encodeField(FIELD.destination, 's', encodeString(BUS)),
    encodeField(FIELD.interface, 's', encodeString(BUS)),
    encodeField(FIELD.member, 's', encodeString(member)),
    ...(argument === undefined ? [] : [encodeField(FIELD.signature, 'g', Buffer.from([1, 's'.charCodeAt(0), 0]))]),
  ].reduce((earlier, field) => Buffer.concat([padTo8(earlier), field]), Buffer.alloc(0));
  const head = Buffer.alloc(16);
  head.write('l', 0, 'latin1');
  head.writeUInt8(METHOD_CALL, 1);
  head.writeUInt8(1, 3);
  head.writeUInt32LE(body.length, 4);
  head.writeUInt32LE(serial, 8);
  // Padding after the last field belongs to the header, not to the fields.
  head.writeUInt32LE(fields.length, 12);
  return Buffer.concat([head, padTo8(fields), body]);
}

function encodeString(text: string): Buffer {
  const bytes = Buffer.from(`${text}\0`);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length - 1);
  return Buffer.concat([length, bytes]);
}

/** Code, then a variant: one-letter signature and value. The value of a string begins 4 bytes in, as it must. */
function encodeField(code: number, type: string, value: Buffer): Buffer {
  return Buffer.concat([Buffer.from([code, 1, type.charCodeAt(0), 0]), value]);
}

const padTo8 = (bytes: Buffer): Buffer => Buffer.concat([bytes, Buffer.alloc(align(bytes.length, 8) - bytes.length)]);
const align = (length: number, to: number): number => Math.ceil(length / to) * to;

interface Message { readonly type: number; readonly replySerial: number | null; readonly body: Buffer; readonly rest: Buffer }

/** The first whole message of what has arrived; null: not all of it is there yet. */
function takeMessage(bytes: Buffer): Message | null {
  if (bytes.length < 16) return null;
  const fieldsEnd = 16 + bytes.readUInt32LE(12);
  const bodyStart = align(fieldsEnd, 8);
  const end = bodyStart + bytes.readUInt32LE(4);
  if (bytes.length < end) return null;
  return { type: bytes.readUInt8(1), replySerial: findReplySerial(bytes.subarray(0, fieldsEnd)), body: bytes.subarray(bodyStart, end), rest: bytes.subarray(end) };
}

function findReplySerial(header: Buffer): number | null {
  for (let at = 16; at < header.length; ) {
    const code = header.readUInt8(at);
    const type = header.toString('latin1', at + 2, at + 3);
    const value = at + 4;
    if (code === FIELD.replySerial) return header.readUInt32LE(value);
    // A number takes four bytes, a signature a byte for its length and one for its end, all other fields are strings.
    const size = type === 'u' ? 4 : type === 'g' ? header.readUInt8(value) + 2 : header.readUInt32LE(value) + 5;
    at = align(value + size, 8);
  }
  return null;
}
