// ignores-sigterm.mjs PORT: answers every request with its own pid, and only SIGKILL ends it.
import { createServer } from 'node:http';

process.on('SIGTERM', () => { console.log('SIGTERM, and I stay'); });
createServer((_request, response) => { response.end(String(process.pid)); }).listen(Number(process.argv[2]), '127.0.0.1');
