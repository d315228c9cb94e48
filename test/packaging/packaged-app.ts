// The packed app as it lies in release/ after `npm run package`, and its two programs. Works only in a bed with a desktop.
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '../..');
export const APP = join(ROOT, 'release/linux-unpacked');
export const TRAY = join(APP, 'upkeep-tray');
export const RESOURCES = join(APP, 'resources');
export const COMMAND = join(RESOURCES, 'command/upkeep');

if (!existsSync(TRAY)) throw new Error('release/linux-unpacked is missing: run "npm run package" first.');

export interface Ended { readonly code: number | null; readonly out: string; readonly err: string }

/** Where nobody looks at a screen: no display, no session bus. */
export function headless(home: string, env: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], HOME: home, TZ: 'UTC', UPKEEP_HOME: join(home, 'data'), ...env };
}

/** Runs the packaged command to its end. */
export function runCommand(home: string, argv: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  return runProgram(COMMAND, argv, { cwd: home, env: headless(home, env) });
}

export function runProgram(program: string, argv: readonly string[], options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv }): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(program, argv, { ...options, encoding: 'utf8' }, (_error, out, err) => resolve({ code: child.exitCode, out, err }));
    child.stdin?.end();
  });
}

export interface Started { readonly child: ChildProcess; readonly ended: Promise<Ended> }

export function start(program: string, argv: readonly string[], options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv }): Started {
  const child = spawn(program, argv, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => { out += text; });
  child.stderr.setEncoding('utf8').on('data', (text: string) => { err += text; });
  return { child, ended: new Promise((resolve) => child.once('close', (code) => resolve({ code, out, err }))) };
}
