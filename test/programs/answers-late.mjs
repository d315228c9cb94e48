// answers-late.mjs PORT DELAY_MS: answers every request with its pid, DELAY_MS after it came.
import { createServer } from 'node:http';

const [port, delayMs] = process.argv.slice(2);
createServer((_request, response) => {
  setTimeout(() => {
    response.setHeader('Connection', 'close');
    response.end(String(process.pid));
  }, Number(delayMs));
}).listen(Number(port), '127.0.0.1');
