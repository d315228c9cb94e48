// Which errors blame the service and which this machine.
import { expect, test } from 'vitest';
import { describeConnectError } from '../../../supervisor/checks/connection-error.ts';

const trouble = (code: string) => describeConnectError(Object.assign(new Error('connect 10.0.0.1:1'), { code }));

test.for(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOTFOUND', 'EHOSTUNREACH', 'ETIMEDOUT', 'ESOMETHING'])('%s is trouble of the service', (code) => {
  expect(trouble(code)).toMatchObject({ result: 'fail' });
});

test.for(['EMFILE', 'ENFILE', 'ENOMEM', 'EADDRNOTAVAIL', 'ENETDOWN', 'ENETUNREACH', 'EAI_AGAIN', 'EACCES', 'EPERM'])('%s says nothing about the service', (code) => {
  expect(trouble(code)).toMatchObject({ result: 'inconclusive', evidence: expect.stringMatching(/^(Upkeep|the|this) /) as string });
});
