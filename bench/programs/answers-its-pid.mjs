// A small HTTP service. Every answer is its process id, so that a prober can tell the old one from the new one.
import { createServer } from 'node:http';

createServer((_request, response) => response.end(String(process.pid))).listen(Number(process.argv[2]), '127.0.0.1');
