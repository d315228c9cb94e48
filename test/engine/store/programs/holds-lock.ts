// Takes the lock named on the command line and says what came of it; a holder starts a child that outlives it and waits to be killed.
import { spawn } from 'node:child_process';
import { takeLock } from '../../../../supervisor/store/lock.ts';

const [file = '', childSeconds] = process.argv.slice(2);
const lock = takeLock(file);
if ('heldBy' in lock) {
  process.stdout.write(`held by ${String(lock.heldBy)}\n`);
} else {
  const child = childSeconds === undefined ? undefined : spawn(process.execPath, ['-e', `setTimeout(() => {}, ${childSeconds}000)`], { detached: true, stdio: 'ignore' });
  child?.unref();
  process.stdout.write(`taken, child ${String(child?.pid)}\n`);
  process.stdin.on('data', () => { lock.release(); process.stdout.write('released\n'); });
  process.stdin.on('end', () => process.exit());
}
