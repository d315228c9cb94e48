// Listens on a loopback port with a short queue, prints the port, and never accepts a connection.
import { writeSync } from 'node:fs';
import { createServer } from 'node:net';

const server = createServer();
server.listen({ host: '127.0.0.1', port: 0, backlog: 1 }, () => {
  writeSync(1, `${server.address().port}\n`);
  // Blocks the only thread: the system takes connections into the queue until it is full, nobody takes them out.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
});
