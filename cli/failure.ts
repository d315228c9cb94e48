// Answers what a person reads, and which exit code a script gets, when a command throws.
import { EXIT } from './exit-code.ts';
import { UsageError } from './invocation.ts';

const EXIT_OF_API_ERROR = { 'unknown-service': EXIT.usage, 'bad-request': EXIT.usage, unavailable: EXIT.nothingKnown, failed: EXIT.unexpected } as const;

export interface Failure { readonly message: string; readonly exitCode: number }

export async function explainFailure(error: unknown): Promise<Failure> {
  if (error instanceof UsageError) return { message: `upkeep: ${error.message}${await suggest(error)}`, exitCode: EXIT.usage };
  const { ApiError } = await import('../supervisor/contract/api.ts');
  if (error instanceof ApiError) return { message: `upkeep: ${error.message}`, exitCode: EXIT_OF_API_ERROR[error.code] };
  const { ConfigurationError, DataFolderError } = await import('../supervisor/index.ts');
  if (error instanceof ConfigurationError) return { message: error.issues.join('\n'), exitCode: EXIT.configuration };
  if (error instanceof DataFolderError) return { message: `upkeep: ${error.message}`, exitCode: EXIT.refused };
  return { message: `upkeep: this should not happen: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`, exitCode: EXIT.unexpected };
}

async function suggest({ mistaken }: UsageError): Promise<string> {
  if (mistaken === null) return '';
  const { closestIds } = await import('../supervisor/index.ts');
  const names = closestIds(mistaken.wanted, mistaken.among).map((name) => `"${name}"`);
  if (names.length === 0) return '';
  return ` Did you mean ${names.length === 1 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1) ?? ''}`}?`;
}
