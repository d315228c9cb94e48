// Lets a test see what happens when this process can open no file any more.
import { execFileSync } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';

/** What Node needs to run `prlimit` (a loop of its own, pipes, a poll handle: about a dozen), with room to spare. */
const ENOUGH_TO_SPAWN = 64;

const setSoftLimit = (limit: string): void => { execFileSync('prlimit', ['--pid', String(process.pid), `--nofile=${limit}:`]); };

/** Every file descriptor is taken while `act` runs; afterwards all is as before. */
export async function withoutDescriptors<Result>(act: () => Promise<Result>): Promise<Result> {
  const [, before] = /^Max open files\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
  if (before === undefined) throw new Error('the limit of open files is not known');
  setSoftLimit(String(Math.max(...readdirSync('/proc/self/fd').map(Number)) + ENOUGH_TO_SPAWN));
  const taken: number[] = [];
  try {
    try {
      for (;;) taken.push(openSync('/dev/null', 'r'));
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EMFILE')) throw error;
    }
    return await act();
  } finally {
    for (const descriptor of taken) closeSync(descriptor);
    setSoftLimit(before);
  }
}
