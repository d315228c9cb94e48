// Answers what an XDG autostart entry of ours says, and what one that lies there means. Pure.
// The rules: https://specifications.freedesktop.org/desktop-entry-spec/latest and …/autostart-spec/latest

/** Marks an entry as ours: one of the same name that somebody else wrote is never touched. */
const MARK = 'X-Upkeep-Entry';

/** Sets variables of the environment in front of the program, as `env` does, and starts it. */
export interface Launch {
  readonly environment: Readonly<Record<string, string>>;
  /** Absolute path. */
  readonly program: string;
  readonly args: readonly string[];
}

export type AutostartEntry =
  | { readonly kind: 'absent' }
  /** Whoever wrote it, Upkeep did not. */
  | { readonly kind: 'foreign' }
  /** Ours. `program`: what it starts; null: it does not say. `disabled`: the desktop's own settings have switched it off. */
  | { readonly kind: 'ours'; readonly program: string | null; readonly disabled: boolean };

export function writeEntry({ environment, program, args }: Launch): string {
  const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  const command = [...(variables.length > 0 ? ['env', ...variables] : []), program, ...args];
  return [
    '[Desktop Entry]',
    'Type=Application',
    'Name=Upkeep',
    'Comment=Keeps the services on this machine running',
    `Exec=${escapeString(command.map(quoteArgument).join(' '))}`,
    // An entry whose program is gone is passed over by the desktop.
    `TryExec=${escapeString(program)}`,
    'Icon=upkeep',
    'Terminal=false',
    'X-GNOME-Autostart-enabled=true',
    `${MARK}=true`,
    '',
  ].join('\n');
}

/** @param text of the file; null: there is none */
export function readEntry(text: string | null): AutostartEntry {
  if (text === null) return { kind: 'absent' };
  const keys = readKeys(text);
  if (keys.get(MARK) !== 'true') return { kind: 'foreign' };
  const program = keys.get('TryExec');
  return {
    kind: 'ours',
    program: program === undefined ? null : unescapeString(program),
    disabled: keys.get('Hidden') === 'true' || keys.get('X-GNOME-Autostart-enabled') === 'false',
  };
}

/** The group [Desktop Entry]; other groups may use the same keys for something else. */
function readKeys(text: string): ReadonlyMap<string, string> {
  const keys = new Map<string, string>();
  let isInside = false;
  for (const line of text.split('\n')) {
    if (line.startsWith('[')) isInside = line.trim() === '[Desktop Entry]';
    const equals = line.indexOf('=');
    if (isInside && !line.startsWith('#') && equals > 0) keys.set(line.slice(0, equals).trim(), line.slice(equals + 1).trim());
  }
  return keys;
}

/** An argument of Exec: within double quotes these four are marked by a backslash; a % alone would begin a field code. */
const quoteArgument = (argument: string): string => `"${argument.replace(/["`$\\]/g, '\\$&').replaceAll('%', '%%')}"`;

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\t': '\\t', '\r': '\\r' };
const UNESCAPES: Readonly<Record<string, string>> = { s: ' ', n: '\n', t: '\t', r: '\r', '\\': '\\' };

/** A value of the type string; undone by the desktop before it looks at the quotes of Exec. */
const escapeString = (value: string): string => value.replace(/[\\\n\t\r]/g, (character) => ESCAPES[character] ?? character).replace(/^ /, '\\s');
const unescapeString = (value: string): string => value.replace(/\\(.)/g, (whole, code: string) => UNESCAPES[code] ?? whole);
