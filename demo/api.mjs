// The demo API of services.json: {"status": "ok"} at "/health" until somebody posts to "/break"; then it lives on but answers 500, as ill services do.
// Port: first argument. Ends at once on SIGTERM.
import { createServer } from 'node:http';

const port = Number(process.argv[2]);
let status = 'ok';

const server = createServer((request, response) => {
  if (request.method === 'POST' && request.url === '/break') status = 'broken';
  const known = request.url === '/health' || request.url === '/break';
  response.writeHead(known ? (status === 'ok' ? 200 : 500) : 404, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify({ status, pid: process.pid })}\n`);
});
server.listen(port, '127.0.0.1', () => console.log(`demo-api: process ${process.pid} serves http://127.0.0.1:${port}/health`));
server.on('error', (error) => {
  console.error(`demo-api: cannot serve on port ${port}: ${error.message}`);
  process.exit(1);
});
