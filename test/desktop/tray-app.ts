// Starts the desktop app as `npm start` does, once or beside another, and keeps what it says. Asserts nothing.
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { waitFor } from '../bed/wait-for.ts';

const ROOT = join(import.meta.dirname, '../..');

export interface TrayApp {
  readonly child: ChildProcess;
  /** Everything it wrote so far. */
  said(): string;
  /** Its exit code; null: a signal ended it. */
  readonly ended: Promise<number | null>;
}

export function startTrayApp(configFile: string, home: string, ...args: string[]): TrayApp {
  const child = spawn(process.execPath, [join(ROOT, 'build/start.mjs'), '--config', configFile, ...args], {
    cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, UPKEEP_HOME: home },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => { said += text; });
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  return { child, said: () => said, ended };
}

/** Waits for a condition, unless the app ends before: then it says how. */
export async function whileItRuns<T>(app: TrayApp, what: string, ask: () => Promise<T | undefined | false> | T | undefined | false): Promise<T> {
  return waitFor(what, () => {
    if (app.child.exitCode !== null || app.child.signalCode !== null) throw new Error(`the app has ended: ${app.said()}`);
    return ask();
  }, { timeoutMs: 90_000 });
}
