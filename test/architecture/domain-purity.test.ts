// Answers whether linter and compiler still refuse clocks, chance and the outside world in the domain.
import { join } from 'node:path';
import { ESLint } from 'eslint';
import ts from 'typescript';
import tseslint from 'typescript-eslint';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');
const DOMAIN = join(ROOT, 'supervisor', 'domain');

const IMPURE: [uses: string, code: string, rule: string][] = [
  ['the wall clock', 'export const a = Date.now();', 'no-restricted-globals'],
  ['a new Date', 'export const a = new Date();', 'no-restricted-globals'],
  ['the monotonic clock', 'export const a = performance.now();', 'no-restricted-globals'],
  ['chance', 'export const a = Math.random();', 'no-restricted-properties'],
  ['a timer', 'setTimeout(() => undefined, 1);', 'no-restricted-globals'],
  ['an interval', 'setInterval(() => undefined, 1);', 'no-restricted-globals'],
  ['an immediate', 'setImmediate(() => undefined);', 'no-restricted-globals'],
  ['a microtask', 'queueMicrotask(() => undefined);', 'no-restricted-globals'],
  ['the console', 'console.log(1);', 'no-restricted-globals'],
  ['the process', 'export const a = process.pid;', 'no-restricted-globals'],
  ['the global object', 'export const a = globalThis;', 'no-restricted-globals'],
  ['a wait', 'export async function a(): Promise<void> { await undefined; }', 'no-restricted-syntax'],
  ['a memory of its own', 'export let a = 1;', 'no-restricted-syntax'],
];

const OUTSIDE = ['setTimeout', 'process', 'document', 'console', 'fetch', 'Buffer', 'require'];

describe('the domain', () => {
  // A text without a file has no types; the rules asked for here need none.
  const eslint = new ESLint({ cwd: ROOT, overrideConfig: [tseslint.configs.disableTypeChecked] });

  it.each(IMPURE)('is refused %s by the linter', async (_uses, code, rule) => {
    const [result] = await eslint.lintText(`${code}\n`, { filePath: join(DOMAIN, 'example.ts') });

    expect(result?.messages.map(({ ruleId }) => ruleId)).toContain(rule);
    expect(result?.fatalErrorCount).toBe(0);
  });

  it('may calculate', async () => {
    const pure = 'export const later = (nowMs: number, waitMs: number): number => Math.max(nowMs, nowMs + waitMs);\n';
    const [result] = await eslint.lintText(pure, { filePath: join(DOMAIN, 'example.ts') });

    expect(result?.messages).toEqual([]);
  });

  it.each(OUTSIDE)('does not know %s, says its compiler', (name) => {
    expect(namesUnknownToDomain(`export const a = ${name};`)).toEqual([name]);
  });

  it('knows what the language itself has, says its compiler', () => {
    expect(namesUnknownToDomain('export const a = new Map([[Math.max(1, 2), JSON.stringify([])]]);')).toEqual([]);
  });
});

/** Compiles `code` as a file of the domain, by the domain's own tsconfig.json. */
function namesUnknownToDomain(code: string): string[] {
  const settings = ts.readJsonConfigFile(join(DOMAIN, 'tsconfig.json'), (path) => ts.sys.readFile(path));
  const { options } = ts.parseJsonSourceFileConfigFileContent(settings, ts.sys, DOMAIN);
  const file = join(DOMAIN, 'example.ts');
  const host = ts.createCompilerHost(options);
  const readSource = host.getSourceFile.bind(host);
  host.getSourceFile = (name, ...rest) =>
    name === file ? ts.createSourceFile(name, code, ts.ScriptTarget.ES2022) : readSource(name, ...rest);

  return ts
    .getPreEmitDiagnostics(ts.createProgram([file], options, host))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '))
    .map((message) => /Cannot find name '(\w+)'/.exec(message)?.[1] ?? message);
}
