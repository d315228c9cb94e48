// leaves-slowly.mjs PORT: answers every request with its own pid; after SIGTERM it lets go of the port at once and ends half a second later.
import { createServer } from 'node:http';

const server = createServer((_request, response) => { response.end(String(process.pid)); }).listen(Number(process.argv[2]), '127.0.0.1');
process.on('SIGTERM', () => {
  server.close();
  server.closeAllConnections();
  setTimeout(() => { process.exit(0); }, 500);
});
