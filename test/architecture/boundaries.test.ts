// Answers whether the boundary rules still bite: each is broken once in fixture/, and only there.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findViolations, ruleNames } from '../../build/boundaries.mjs';

const FIXTURE = join(import.meta.dirname, 'fixture');

/** Rule -> who breaks it, and with what. Everything else in the fixture keeps the rules. */
const BROKEN_IN_FIXTURE: Record<string, string> = {
  'the contract imports zod only': 'supervisor/contract/reads-a-file.ts -> fs',
  'the domain imports the domain and the contract only': 'supervisor/domain/asks-the-network.ts -> net',
  'the domain takes types of the contract, never values':
    'supervisor/domain/takes-a-value-of-the-contract.ts -> supervisor/contract/api.ts',
  'engine files import domain, contract and ports only':
    'supervisor/opens-the-store.ts -> supervisor/store/journal.ts',
  'only plugins.ts names concrete checks, service managers and channels':
    'supervisor/names-a-check.ts -> supervisor/checks/tcp.ts',
  'kinds of plug-ins do not know each other':
    'supervisor/checks/tells-a-channel.ts -> supervisor/channels/desktop.ts',
  'a plug-in takes types of the domain, never values':
    'supervisor/service-managers/decides.ts -> supervisor/domain/decision.ts',
  'a plug-in does not know the engine': 'supervisor/channels/calls-the-engine.ts -> supervisor/supervisor.ts',
  'the local API imports contract, ports and node only':
    'supervisor/local-api/holds-the-engine.ts -> supervisor/supervisor.ts',
  'only run-command.ts starts programs': 'supervisor/service-managers/starts-a-program.ts -> child_process',
  'only contract, ports, store and plug-ins with a schema import zod': 'cli/parses-with-zod.ts -> package zod',
  'only the store imports lowdb, libsql and jsonc-parser': 'supervisor/system/writes-sqlite.ts -> package libsql',
  'only a channel imports node-notifier': 'electron/notifies-by-itself.ts -> package node-notifier',
  'only checks, service managers and system import tcp-port-used': 'cli/probes-a-port.ts -> package tcp-port-used',
  'only the desktop shell imports electron': 'cli/loads-electron.ts -> package electron',
  'a package has one home': 'cli/brings-a-package.ts -> package ms',
  'the supervisor knows nothing of cli, electron and renderer':
    'supervisor/store/shows-itself.ts -> renderer/main.tsx',
  'shells use the public face of the supervisor':
    'electron/reaches-into-the-domain.ts -> supervisor/domain/decision.ts',
  'shells do not know each other': 'electron/runs-the-cli.ts -> cli/main.ts',
  'the panel imports the contract and its UI packages only': 'renderer/imports-node.ts -> os',
  'nobody imports test': 'cli/imports-a-test.ts -> test/domain/decision-cases.ts',
  'what ships does not import its tools': 'cli/imports-a-tool.ts -> build/bundle.ts',
  'every folder of the supervisor has its rules': 'build/casts-a-spell.ts -> supervisor/sorcery/spell.ts',
  'imports do not run in a circle': 'supervisor/store/chicken.ts -> supervisor/store/egg.ts',
  'every import leads to a file': 'test/domain/imports-nothing-that-exists.ts -> ./nothing.ts',
};

/** Which file of a package the resolver picks is its own affair. */
const withoutFileInPackage = (path: string): string =>
  path.replace(/^.*node_modules\/((?:@[^/]+\/)?[^/]+)\/.*$/, 'package $1');

describe('the boundary rules', () => {
  it('each catch the one import in the fixture that breaks it, and nothing else', async () => {
    const { violations } = await findViolations(FIXTURE);

    const seen = violations.map(({ rule, from, to }) => `${rule}: ${from} -> ${withoutFileInPackage(to)}`);
    expect(seen.sort()).toEqual(Object.entries(BROKEN_IN_FIXTURE).map(([rule, breach]) => `${rule}: ${breach}`).sort());
  });

  it('are all broken in the fixture, so none can go quiet unnoticed', () => {
    expect([...ruleNames].sort()).toEqual(Object.keys(BROKEN_IN_FIXTURE).sort());
  });

  it('are kept by every source of this repository', async () => {
    const { violations, cruisedCount, unseen } = await findViolations();

    expect(violations).toEqual([]);
    expect(unseen).toEqual([]);
    expect(cruisedCount).toBeGreaterThan(0);
  });

  it('report a source the cruiser has not seen', async () => {
    const root = mkdtempSync(join(tmpdir(), 'upkeep-unseen-'));
    try {
      writeFileSync(join(root, 'stray.ts'), 'export const stray = true;\n');
      const { cruisedCount, unseen } = await findViolations(root);
      expect({ cruisedCount, unseen }).toEqual({ cruisedCount: 0, unseen: ['stray.ts'] });
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  });
});
