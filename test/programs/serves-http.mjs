// serves-http.mjs PORT: answers every request with its own pid, and ends on SIGTERM.
import { createServer } from 'node:http';

const port = Number(process.argv[2]);
createServer((_request, response) => { response.end(String(process.pid)); }).listen(port, '127.0.0.1');
