// Stands for a service in the pictures: service.mjs NAME PORT ANSWER_MS serves {"status":"ok"} after about that time, until somebody posts to "/break".
// Does not start while a file "NAME.broken" lies in its folder.
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';

const [name, port, answerMs] = process.argv.slice(2);
if (existsSync(`${name}.broken`)) {
  console.error(`${name}: cannot open its journal: no space left on device`);
  process.exit(1);
}
let status = 'ok';
const server = createServer((request, response) => {
  if (request.method === 'POST' && request.url === '/break') {
    status = 'no connection left';
    for (const worker of [1, 2]) console.error(`${name}: worker ${worker} waits for a connection to Postgres, the pool of 10 is empty`);
    console.error(`${name}: 37 requests are waiting`);
  }
  setTimeout(() => {
    response.writeHead(status === 'ok' ? 200 : 503, { 'content-type': 'application/json' });
    response.end(`${JSON.stringify({ status, pid: process.pid })}\n`);
  }, Number(answerMs) * (0.7 + Math.random() * 0.6));
});
server.listen(Number(port), '127.0.0.1', () => {
  console.log(`${name}: process ${process.pid} serves 127.0.0.1:${port}`);
});
