// What the command line itself answers: help, version, and mistakes with what comes close.
import { describe, expect, test } from 'vitest';
import { COMMANDS } from '../../cli/commands.ts';
import { useBundledCli, VERSION } from './bundled-cli.ts';

const bed = useBundledCli();

test('--version prints the version', async () => {
  expect(await bed.run(['--version'])).toEqual({ code: 0, out: `${VERSION}\n`, err: '' });
});

test('--help names every command', async () => {
  const { code, out, err } = await bed.run(['--help']);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  for (const name of Object.keys(COMMANDS)) expect(out).toMatch(new RegExp(`^  ${name}\\b`, 'm'));
  expect(await bed.run(['help'])).toMatchObject({ code: 0, out });
});

test('without a command the help goes to stderr', async () => {
  const { code, out, err } = await bed.run([]);
  expect({ code, out }).toEqual({ code: 64, out: '' });
  expect(err).toContain('Usage: upkeep <command>');
});

test.each(Object.keys(COMMANDS))('%s --help says how it is used', async (name) => {
  const { code, out } = await bed.run([name, '--help']);
  expect(code).toBe(0);
  expect(out).toMatch(new RegExp(`^Usage: upkeep ${name}\\b`));
  expect(out).toContain(COMMANDS[name]?.summary);
  expect((await bed.run(['help', name])).out).toBe(out);
});

describe('bad usage ends with 64 and says what would be right', () => {
  test.each([
    { argv: ['stauts'], says: /no command "stauts".*Did you mean "status", "stats" or "start"\?/ },
    { argv: ['constructor'], says: /no command "constructor"/ },
    { argv: ['help', 'chekc'], says: /no command "chekc".*Did you mean "check"\?/ },
    { argv: ['status', '--jsn'], says: /no option --jsn. Did you mean "--json"\?/ },
    { argv: ['--jsn', 'status'], says: /no option --jsn/ },
    { argv: ['status', '-x'], says: /no option -x/ },
    { argv: ['status', '--for', '1h'], says: /"upkeep status" has no option --for. Usage: upkeep status \[--json\]/ },
    { argv: ['status', '--json=yes'], says: /--json takes no value/ },
    { argv: ['status', '--config'], says: /--config needs a value/ },
    { argv: ['status', 'api'], says: /"upkeep status" has no use for "api"/ },
    { argv: ['restart'], says: /"upkeep restart" needs the id of a service. Usage: upkeep restart <id>/ },
    { argv: ['restart', 'api', 'postgres'], says: /has no use for "postgres"/ },
    { argv: ['pause', '--for', '1 hour'], says: /--for: expected a duration such as "30m" or "1h".*"1 hour"/ },
    { argv: ['pause', '--for', '0s'], says: /--for: expected a duration/ },
    { argv: ['pause', '--for', '999999999d'], says: /at most 366 days/ },
  ])('$argv', async ({ argv, says }) => {
    const { code, out, err } = await bed.run(argv);
    expect({ code, out }).toEqual({ code: 64, out: '' });
    expect(err).toMatch(says);
  });
});
