// What the command says about itself.
import { optionText, usage } from './arguments.ts';
import { OPTIONS, type Command, type OptionName } from './invocation.ts';

const EXIT_CODES = ['Exit codes', '  status, check   0 healthy, 1 degraded, 2 failing; status: 69 nothing known', '  acts            0 done, 1 refused or failed', '  all             64 bad usage or unknown id, 78 wrong configuration'];
const FILES = [
  'Files',
  '  configuration   --config FILE, else ./services.json, else services.json in the user\'s configuration folder',
  '  data            $UPKEEP_HOME, else the user\'s state folder',
];

const row = (left: string, right: string, width: number): string => `  ${left.padEnd(width)}  ${right}`;

export function generalHelp(commands: Readonly<Record<string, Command>>): string {
  const entries = Object.entries(commands).map(([name, command]) => ({ left: `${name} ${command.takes}`.trim(), right: command.summary }));
  const width = Math.max(...entries.map(({ left }) => left.length));
  return [
    'Upkeep keeps the services on this machine running.', '',
    'Usage: upkeep <command> [options]', '',
    ...entries.map(({ left, right }) => row(left, right, width)), '',
    ...optionRows(['config', 'help', 'version']), '',
    ...EXIT_CODES, '', ...FILES, '',
    '"upkeep <command> --help" says more about a command.',
  ].join('\n');
}

export function commandHelp(name: string, command: Command): string {
  return [usage(name, command), '', `${command.summary}.`, ...command.details, '', ...optionRows([...command.options, 'config', 'help'])].join('\n');
}

function optionRows(names: readonly OptionName[]): string[] {
  const rows = names.map((name) => ({ left: optionText(name), right: OPTIONS[name].help }));
  const width = Math.max(...rows.map(({ left }) => left.length));
  return rows.map(({ left, right }) => row(left, right, width));
}
