// forks-a-grandchild.mjs PORT [--in-its-group|--in-its-own-session]: the child it starts serves PORT, outlives it and would hold the port; it only waits.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const [port, session] = process.argv.slice(2);
const server = fileURLToPath(new URL('./serves-http.mjs', import.meta.url));
spawn(process.execPath, [server, port], { stdio: 'inherit', detached: session === '--in-its-own-session' });
process.on('SIGTERM', () => { process.exit(0); });
setInterval(() => {}, 60_000);
