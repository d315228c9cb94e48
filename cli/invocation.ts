// What a command is given and what it is: the types between the parsed command line and the commands.
import type { Terminal } from './terminal.ts';

export const OPTIONS = {
  json: { type: 'boolean', help: 'print JSON for scripts' },
  for: { type: 'string', value: 'DURATION', help: 'how long, such as "30m" or "1h"; without it until resumed' },
  since: { type: 'string', value: 'WHEN', help: 'only what happened since then: a duration such as "24h", or an ISO 8601 time' },
  print: { type: 'boolean', help: 'only print the address, open nothing' },
  config: { type: 'string', value: 'FILE', help: 'use this services.json' },
  help: { type: 'boolean', short: 'h', help: 'print this help' },
  version: { type: 'boolean', help: 'print the version' },
} as const;
export type OptionName = keyof typeof OPTIONS;

export interface Invocation {
  /** Service ids; for `validate` the file. */
  readonly positionals: readonly string[];
  readonly json: boolean;
  readonly print: boolean;
  readonly for: string | undefined;
  readonly since: string | undefined;
  readonly config: string | undefined;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly version: string;
  readonly output: Terminal;
  readonly errors: Terminal;
}

export interface Command {
  readonly summary: string;
  /** As the help shows it: `<id>` must be given, `[id]` may, `[id...]` may be several. */
  readonly takes: '' | '<id>' | '[id]' | '[id...]' | '[file]';
  /** Besides --config and --help, which every command has. */
  readonly options: readonly OptionName[];
  /** Further lines of the command's own help. */
  readonly details: readonly string[];
  /** Resolves with the exit code. */
  readonly run: (invocation: Invocation) => Promise<number>;
}

/** The command line asks for something that does not exist. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  /** What was asked for and what there is: the closest ones are named. */
  readonly mistaken: { readonly wanted: string; readonly among: readonly string[] } | null;
  constructor(message: string, mistaken: UsageError['mistaken'] = null) {
    super(message);
    this.mistaken = mistaken;
  }
}
