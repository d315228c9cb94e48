// talks.mjs PORT: says thirty lines on its standard output, in colours, and one on its standard error; then answers every request with its own pid.
import { createServer } from 'node:http';

const port = Number(process.argv[2]);
for (let line = 1; line <= 30; line += 1) console.log(`\u001B[32mline ${line}\u001B[0m`);
console.error(`${'a long line '.repeat(100)}and its end`);
process.on('SIGTERM', () => {
  console.log('stopping, as told');
  process.exit(0);
});
createServer((_request, response) => { response.end(String(process.pid)); }).listen(port, '127.0.0.1');
