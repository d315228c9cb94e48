import { describe, expect, test } from 'vitest';
import { blankerOf } from '../../../supervisor/system/secrets.ts';

const TOKEN = 'tok-0123456789abcdef';
const KEY = '-----BEGIN KEY-----\nMIIEvQ"IBADAN\nBgkqhkiG9w0B\n-----END KEY-----\n';

describe('a secret is blanked', () => {
  test.each<[string, string[], string, string]>([
    ['wherever it stands', [TOKEN], `a ${TOKEN}, b=${TOKEN}`, 'a ***, b=***'],
    ['as a whole when it begins with another one', ['tok-0123', TOKEN], `x ${TOKEN}`, 'x ***'],
    ['when it was cut', [TOKEN], 'body is "token tok-01234…", expected to contain "x"', 'body is "token ***…", expected to contain "x"'],
    ['when it was cut more than once', [TOKEN], '"tok-0…", expected to contain "tok-0123456…"', '"***…", expected to contain "***…"'],
    ['when it was cut just before its end', [TOKEN], `${TOKEN.slice(0, -1)}…`, '***…'],
    ['when its lines were joined', [KEY], 'no such key: -----BEGIN KEY----- MIIEvQ"IBADAN BgkqhkiG9w0B -----END KEY-----', 'no such key: ***'],
    ['when one of its lines is quoted', [KEY], 'line 3: BgkqhkiG9w0B', 'line 3: ***'],
    ['when JSON quotes it', ['pass"word\\'], String.raw`expected "pass\"word\\"`, 'expected "***"'],
    ['even when it looks like an expression', ['a.*b$&'], 'x a.*b$& y', 'x *** y'],
  ])('%s', (_, secrets, text, shown) => { expect(blankerOf(secrets)(text)).toBe(shown); });
});

test.each<[string, string[], string]>([
  ['a text without secrets', [TOKEN], 'connection refused'],
  ['a secret of three characters', ['abc', ''], 'abc and more'],
  ['the end of a cut text that only begins alike', [TOKEN], 'body is "to…"'],
  ['everything when there are no secrets', [], 'body is "x…"'],
])('%s stays as it is', (_, secrets, text) => { expect(blankerOf(secrets)(text)).toBe(text); });
