// A port whose queue is full: the system answers no further connection.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { LoopbackServer } from './loopback-server.ts';

const PROGRAM = fileURLToPath(new URL('../../programs/never-accepts.mjs', import.meta.url));
/** More than the queue takes, whatever the system adds to it. */
const FILLING_CONNECTIONS = 16;

export async function serveNoConnection(): Promise<LoopbackServer> {
  const program = spawn(process.execPath, [PROGRAM], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(program, 'exit');
  const [line] = await once(program.stdout, 'data') as [Buffer];
  const port = Number(line);
  const filling = Array.from({ length: FILLING_CONNECTIONS }, () => connect(port, '127.0.0.1').on('error', () => undefined));
  return {
    port,
    accepted: () => 0,
    untilIdle: () => Promise.resolve(),
    close: async () => {
      for (const socket of filling) socket.destroy();
      program.kill('SIGKILL');
      await exited;
    },
  };
}
