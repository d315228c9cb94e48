// controls-a-daemon.mjs start|stop|ask-to-stop|restart|status PIDFILE PROGRAM ARG...: a control script of the old kind, for a daemon it leaves behind.
// Exit codes as in LSB: status 0 runs, 3 does not. `stop` waits for as long as the daemon takes, `ask-to-stop` does not.
import { spawn } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

const [action, pidFile, program, ...args] = process.argv.slice(2);

function runningPid() {
  try {
    const pid = Number(readFileSync(pidFile, 'utf8'));
    const state = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1][0];
    return pid > 1 && state !== 'Z' ? pid : null;
  } catch {
    return null;
  }
}

function start() {
  if (runningPid() !== null) return;
  const daemon = spawn(program, args, { stdio: 'inherit', detached: true });
  daemon.on('error', (error) => { console.error(`cannot start: ${error.message}`); process.exit(1); });
  daemon.on('spawn', () => { writeFileSync(pidFile, String(daemon.pid)); daemon.unref(); });
}

function askToStop() {
  const pid = runningPid();
  if (pid !== null) process.kill(-pid, 'SIGTERM');
}

async function stop() {
  askToStop();
  while (runningPid() !== null) await wait(10);
  rmSync(pidFile, { force: true });
}

if (action === 'start') start();
if (action === 'stop') await stop();
if (action === 'ask-to-stop') askToStop();
if (action === 'restart') { await stop(); start(); }
if (action === 'status') process.exit(runningPid() === null ? 3 : 0);
