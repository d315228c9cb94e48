// No shell ever reads a command: whatever stands in services.json arrives at the program as it stands there, one argument each.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runCommand, runToLog } from '../../../supervisor/system/run-command.ts';
import { PATIENCE_MS } from '../service-managers/manager-bed.ts';

const ARGUMENTS = ['$(touch made)', '`touch made`', '; touch made', '&& touch made', '| touch made', '> made', '*', '$HOME', '~', '"', "'", '\\', ' ', '', 'a\nb', '%s', '--'];
const printsItsArguments = [process.execPath, '-e', 'process.stdout.write(JSON.stringify(process.argv.slice(1)))', '--', ...ARGUMENTS];

let folder = '';
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'upkeep-no-shell-')); });
afterEach(() => rmSync(folder, { recursive: true }));

test('a command that runs to its end', async () => {
  const { stdout } = await runCommand(printsItsArguments, { timeoutMs: PATIENCE_MS, cwd: folder });
  expect(JSON.parse(stdout)).toEqual(ARGUMENTS);
  expect(readdirSync(folder)).toEqual([]);
});

test('a command whose output goes to a file', async () => {
  const logFile = join(folder, 'logs', 'api.log');
  expect(await runToLog(printsItsArguments, { timeoutMs: PATIENCE_MS, cwd: folder, env: process.env, logFile, signal: undefined })).toMatchObject({ ok: true, exit: { code: 0 } });
  expect(JSON.parse(readFileSync(logFile, 'utf8'))).toEqual(ARGUMENTS);
  expect(readdirSync(folder)).toEqual(['logs']);
});
