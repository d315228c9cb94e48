// The `upkeep` command: reads the command line, runs one command, turns what it throws into a message and an exit code.
import { parseCommandLine } from './arguments.ts';
import { COMMANDS } from './commands.ts';
import { EXIT } from './exit-code.ts';
import { explainFailure } from './failure.ts';
import { commandHelp, generalHelp } from './help.ts';
import { openTerminal } from './terminal.ts';

/** Put in by the bundler. */
declare const __UPKEEP_VERSION__: string;

const output = openTerminal(process.stdout, process.env);
const errors = openTerminal(process.stderr, process.env);

async function runCommandLine(argv: readonly string[]): Promise<number> {
  const asked = parseCommandLine(argv, COMMANDS);
  switch (asked.kind) {
    case 'nothing':
      errors.print(generalHelp(COMMANDS));
      return EXIT.usage;
    case 'version':
      output.print(__UPKEEP_VERSION__);
      return EXIT.done;
    case 'help': {
      const command = asked.command === undefined ? undefined : COMMANDS[asked.command];
      output.print(asked.command === undefined || command === undefined ? generalHelp(COMMANDS) : commandHelp(asked.command, command));
      return EXIT.done;
    }
    case 'command':
      return asked.command.run({ ...asked.given, env: process.env, cwd: process.cwd(), version: __UPKEEP_VERSION__, output, errors });
  }
}

async function main(): Promise<void> {
  let exitCode: number;
  try {
    exitCode = await runCommandLine(process.argv.slice(2));
  } catch (error) {
    const failure = await explainFailure(error);
    errors.print(failure.message);
    exitCode = failure.exitCode;
  }
  await Promise.all([output.flush(), errors.flush()]);
  // The result is out: nothing that is still open may keep a script waiting.
  process.exit(exitCode);
}

void main();
