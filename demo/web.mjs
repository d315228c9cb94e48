// The demo website of services.json: a page at "/" and the time at "/clock". Port: first argument. Ends at once on SIGTERM.
import { createServer } from 'node:http';

const port = Number(process.argv[2]);

const server = createServer((request, response) => {
  if (request.url === '/') {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(`<!doctype html><title>Demo</title><p>Hello. I am process ${process.pid}; end me with <code>kill -9 ${process.pid}</code> and reload.</p>\n`);
  } else if (request.url === '/clock') {
    response.end(`${new Date().toISOString()}\n`);
  } else {
    response.statusCode = 404;
    response.end();
  }
});
server.listen(port, '127.0.0.1', () => console.log(`demo-web: process ${process.pid} serves http://127.0.0.1:${port}/`));
server.on('error', (error) => {
  console.error(`demo-web: cannot serve on port ${port}: ${error.message}`);
  process.exit(1);
});
