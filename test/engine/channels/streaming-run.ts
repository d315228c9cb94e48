// Runs a program for the tests of the desktop channel, with its output as it comes, and remembers which are still running.
import { spawn } from 'node:child_process';
import { expect, vi } from 'vitest';
import type { RunProgram } from '../../../supervisor/channels/desktop-notify-send.ts';

const PATIENCE_MS = 30_000;

export interface StreamingRun { readonly run: RunProgram; readonly running: () => number; untilNoneRuns(): Promise<void> }

export function streamingRun(env: NodeJS.ProcessEnv): StreamingRun {
  let running = 0;
  return {
    running: () => running,
    untilNoneRuns: () => vi.waitFor(() => { expect(running).toBe(0); }, { timeout: PATIENCE_MS }),
    run: ([program = '', ...args], { signal, onStdout }) => new Promise((resolve) => {
      const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
      running += 1;
      let stdout = '';
      let stderr = '';
      let notFound = false;
      const end = (): void => { child.kill('SIGTERM'); };
      signal.addEventListener('abort', end);
      child.stdout.setEncoding('utf8').on('data', (text: string) => { stdout += text; onStdout(text); });
      child.stderr.setEncoding('utf8').on('data', (text: string) => { stderr += text; });
      child.on('error', (error) => { notFound = 'code' in error && error.code === 'ENOENT'; });
      child.on('close', (exitCode) => {
        running -= 1;
        signal.removeEventListener('abort', end);
        resolve({ exitCode: notFound ? null : exitCode, stdout, stderr, notFound });
      });
    }),
  };
}
