// hangs-when-told.mjs PORT: answers every request with its pid; after a request for /hang it accepts and never answers again, until it is started anew.
import { createServer } from 'node:http';

let hanging = false;
createServer((request, response) => {
  if (hanging) return;
  hanging = request.url === '/hang';
  response.setHeader('Connection', 'close');
  response.end(String(process.pid));
}).listen(Number(process.argv[2]), '127.0.0.1');
