// notes-its-starts.mjs PORT [DELAY_MS]: adds its pid to starts.log in the working directory, then (DELAY_MS later) answers every request with its pid.
import { appendFileSync } from 'node:fs';
import { createServer } from 'node:http';

const [port, delayMs = '0'] = process.argv.slice(2);
appendFileSync('starts.log', `${process.pid}\n`);
const server = createServer((_request, response) => {
  response.setHeader('Connection', 'close');
  response.end(String(process.pid));
});
setTimeout(() => { server.listen(Number(port), '127.0.0.1'); }, Number(delayMs));
