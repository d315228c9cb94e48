// Many services in one process: HTTP on each of `answering`, accepts without ever answering on each of `hanging`.
// Notes when each was asked (ms of this process's own steady clock) and tells it by IPC: {begin} forgets, {report} answers.
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';

const { answering, hanging } = JSON.parse(process.argv[2]);
const arrivals = new Map([...answering, ...hanging].map((port) => [port, []]));
const note = (port) => arrivals.get(port).push(performance.now());

const listen = (server, port) => new Promise((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
await Promise.all([
  ...answering.map((port) => listen(createHttpServer((_request, response) => { note(port); response.end('ok'); }), port)),
  ...hanging.map((port) => listen(createServer((socket) => { note(port); socket.on('error', () => undefined); }), port)),
]);

process.on('message', ({ ask }) => {
  if (ask === 'report') process.send({ arrivals: Object.fromEntries(arrivals) });
  if (ask === 'begin') for (const times of arrivals.values()) times.length = 0;
});
process.on('disconnect', () => process.exit());
process.send({ ready: true });
