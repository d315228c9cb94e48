// Answers what a command line asks for. Pure; throws a UsageError when it asks for what does not exist.
import { parseArgs } from 'node:util';
import { OPTIONS, UsageError, type Command, type Invocation, type OptionName } from './invocation.ts';

export type Asked =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'version' }
  /** `command` undefined: help about all of them. */
  | { readonly kind: 'help'; readonly command: string | undefined }
  | { readonly kind: 'command'; readonly name: string; readonly command: Command; readonly given: Pick<Invocation, 'positionals' | 'since' | 'json' | 'print' | 'for' | 'config'> };

type Commands = Readonly<Record<string, Command>>;

const FOR_EVERY_COMMAND: readonly OptionName[] = ['config', 'help'];
const HOW_MANY: Readonly<Record<Command['takes'], { readonly min: number; readonly max: number }>> = {
  '': { min: 0, max: 0 }, '<id>': { min: 1, max: 1 }, '[id]': { min: 0, max: 1 }, '[id...]': { min: 0, max: Infinity }, '[file]': { min: 0, max: 1 },
};

const isOption = (name: string): name is OptionName => Object.hasOwn(OPTIONS, name);

export function parseCommandLine(argv: readonly string[], commands: Commands): Asked {
  const { options, positionals: [name, ...rest] } = readTokens(argv);
  if (name === undefined) {
    if (options.has('help')) return { kind: 'help', command: undefined };
    return { kind: options.has('version') ? 'version' : 'nothing' };
  }
  if (name === 'help') {
    const [about] = rest;
    if (about !== undefined) findCommand(about, commands);
    return { kind: 'help', command: about };
  }
  const command = findCommand(name, commands);
  if (options.has('help')) return { kind: 'help', command: name };
  requireFitting(name, command, options, rest);
  return { kind: 'command', name, command, given: { positionals: rest, json: options.has('json'), print: options.has('print'), for: options.get('for'), since: options.get('since'), config: options.get('config') } };
}

function findCommand(name: string, commands: Commands): Command {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) throw new UsageError(`There is no command "${name}" (see "upkeep --help").`, { wanted: name, among: Object.keys(commands) });
  return command;
}

function requireFitting(name: string, command: Command, options: ReadonlyMap<OptionName, string>, rest: readonly string[]): void {
  for (const option of options.keys()) {
    if (![...command.options, ...FOR_EVERY_COMMAND].includes(option)) throw new UsageError(`"upkeep ${name}" has no option --${option}. ${usage(name, command)}`);
  }
  const { min, max } = HOW_MANY[command.takes];
  if (rest.length < min) throw new UsageError(`"upkeep ${name}" needs the id of a service. ${usage(name, command)}`);
  if (rest.length > max) throw new UsageError(`"upkeep ${name}" has no use for ${rest.slice(max).map((text) => `"${text}"`).join(' ')}. ${usage(name, command)}`);
}

function readTokens(argv: readonly string[]): { options: ReadonlyMap<OptionName, string>; positionals: readonly string[] } {
  // Not strict: parseArgs' own complaints do not name what comes close.
  const { tokens } = parseArgs({ args: [...argv], options: OPTIONS, strict: false, allowPositionals: true, tokens: true });
  const options = new Map<OptionName, string>();
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    const { name, rawName, value } = token;
    if (!isOption(name)) throw new UsageError(`There is no option ${rawName}.`, { wanted: rawName, among: Object.keys(OPTIONS).map((option) => `--${option}`) });
    if (OPTIONS[name].type === 'boolean' && value !== undefined) throw new UsageError(`${rawName} takes no value, but got "${value}".`);
    if (OPTIONS[name].type === 'string' && (value === undefined || value === '')) throw new UsageError(`${rawName} needs a value.`);
    options.set(name, value ?? '');
  }
  return { options, positionals };
}

export function usage(name: string, { takes, options }: Command): string {
  return ['Usage: upkeep', name, takes, ...options.map((option) => `[${optionText(option)}]`)].filter((word) => word !== '').join(' ');
}

export function optionText(name: OptionName): string {
  const option = OPTIONS[name];
  return 'value' in option ? `--${name} ${option.value}` : `--${name}`;
}
