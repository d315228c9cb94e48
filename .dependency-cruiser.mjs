// Answers who may import whom: the architecture's table as rules, one per sentence.
// A rule's name says what holds, its comment what to do instead. test/architecture breaks each of them once and
// expects exactly that, so a rule that has gone quiet is noticed.
//
// The rules do not overlap: the contract, the domain, the engine, the local API and the panel each list all they may
// import; the outer layers (plug-ins, cli, electron) are ruled by what they reach for.

const PLUGIN_FOLDERS = 'checks|service-managers|channels|store|system';
const PLUGIN = `^supervisor/(${PLUGIN_FOLDERS})/`;
// These put the engine together from real parts; every other file beside them is the engine itself, and stays
// testable on virtual time because it is not in this list.
const ASSEMBLY = 'plugins|index|host|offline|configuration-file';
const ASSEMBLY_FILE = `^supervisor/(${ASSEMBLY})[.]ts$`;
const ENGINE_FILE = `^supervisor/(?!(${ASSEMBLY})[.]ts$)[^/]+[.]ts$`;
const OUTER_LAYER = `^(supervisor/(${PLUGIN_FOLDERS})/|supervisor/(${ASSEMBLY})[.]ts$|cli/|electron/)`;
const KNOWN_FOLDER = `^supervisor/((contract|domain|local-api|${PLUGIN_FOLDERS})/|[^/]+[.]ts$)`;

/** Where each npm package may be imported. A package that is not named here may be imported nowhere in what ships. */
const PACKAGE_HOMES = [
  // A plug-in brings the schema of its own part of services.json.
  {
    packages: ['zod'],
    home: '^supervisor/(contract/|ports[.]ts$|(checks|service-managers|channels|store)/)',
    name: 'only contract, ports, store and plug-ins with a schema import zod',
  },
  { packages: ['lowdb', 'libsql', 'jsonc-parser'], home: '^supervisor/store/', name: 'only the store imports lowdb, libsql and jsonc-parser' },
  { packages: ['node-notifier'], home: '^supervisor/channels/', name: 'only a channel imports node-notifier' },
  { packages: ['tcp-port-used'], home: '^supervisor/(checks|service-managers|system)/', name: 'only checks, service managers and system import tcp-port-used' },
  { packages: ['electron'], home: '^electron/', name: 'only the desktop shell imports electron' },
];
const PANEL_PACKAGES = ['preact', '@preact/signals', '@preact/signals-core', 'uplot'];
const HOUSED_PACKAGES = [...PACKAGE_HOMES.flatMap(({ packages }) => packages), 'execa'];

const inPackage = (...packages) => `(^|/)node_modules/(${packages.join('|')})/`;

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'the contract imports zod only',
      comment: 'It runs in Node, in a page and in tests. Move what needs more to the layer that uses it.',
      severity: 'error',
      from: { path: '^supervisor/contract/' },
      to: { pathNot: ['^supervisor/contract/', inPackage('zod')] },
    },
    {
      name: 'the domain imports the domain and the contract only',
      comment: 'Decisions are pure. Pass in what the decision needs, return the effect, and let the engine act on it.',
      severity: 'error',
      from: { path: '^supervisor/domain/' },
      to: { pathNot: '^supervisor/(domain|contract)/' },
    },
    {
      name: 'the domain takes types of the contract, never values',
      comment: 'Write `import type`. A constant the domain needs belongs to the domain or comes in as an argument.',
      severity: 'error',
      from: { path: '^supervisor/domain/' },
      to: { path: '^supervisor/contract/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'engine files import domain, contract and ports only',
      comment:
        'Time, disk, processes and network reach the engine through an interface in ports.ts; the files of ASSEMBLY hand in ' +
        'the real ones. So whole timelines run in tests on virtual time.',
      severity: 'error',
      from: { path: ENGINE_FILE },
      // Concrete plug-ins and zod have rules of their own below.
      to: { pathNot: ['^supervisor/(domain|contract|checks|service-managers|channels)/', ENGINE_FILE, inPackage('zod')] },
    },
    {
      name: 'only plugins.ts names concrete checks, service managers and channels',
      comment: 'Take it from the tables in plugins.ts, or through the interface in ports.ts.',
      severity: 'error',
      from: { path: '^supervisor/[^/]+[.]ts$', pathNot: '^supervisor/plugins[.]ts$' },
      to: { path: '^supervisor/(checks|service-managers|channels)/' },
    },
    {
      name: 'kinds of plug-ins do not know each other',
      comment: 'Let the engine connect them through ports.ts. Only system/ is the floor they all stand on.',
      severity: 'error',
      from: { path: PLUGIN },
      to: { path: PLUGIN, pathNot: ['^supervisor/$1/', '^supervisor/system/'] },
    },
    {
      name: 'a plug-in takes types of the domain, never values',
      comment: 'A plug-in reports and acts; it decides nothing. Return what you saw and let the domain judge it.',
      severity: 'error',
      from: { path: PLUGIN },
      to: { path: '^supervisor/domain/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'a plug-in does not know the engine',
      comment: 'It implements an interface of ports.ts in words of the contract. What else it needs comes in as an argument.',
      severity: 'error',
      from: { path: PLUGIN },
      to: { path: '^supervisor/', pathNot: ['^supervisor/ports[.]ts$', '^supervisor/(contract|domain)/', PLUGIN] },
    },
    {
      name: 'the local API imports contract, ports and node only',
      comment: 'It carries commands and events between processes. Let index.ts hand it the object it serves.',
      severity: 'error',
      from: { path: '^supervisor/local-api/' },
      to: { pathNot: ['^supervisor/(local-api|contract)/', '^supervisor/ports[.]ts$'], dependencyTypesNot: ['core'] },
    },
    {
      name: 'only run-command.ts starts programs',
      comment: 'Call supervisor/system/run-command.ts: it bounds time and output, never uses a shell and ends the whole tree.',
      severity: 'error',
      from: {
        path: [OUTER_LAYER, '^supervisor/local-api/'],
        pathNot: '^supervisor/system/run-command[.]ts$',
      },
      to: { path: ['^(node:)?child_process$', inPackage('execa')] },
    },
    ...PACKAGE_HOMES.map(({ packages, home, name }) => ({
      name,
      comment: 'Put what needs it behind an interface in its home; homes are listed in PACKAGE_HOMES of this file.',
      severity: 'error',
      from: { path: [OUTER_LAYER, ENGINE_FILE], pathNot: home },
      to: { path: inPackage(...packages) },
    })),
    {
      name: 'a package has one home',
      comment: 'Use what is there already, or give the package a row in PACKAGE_HOMES of this file and say why in docs/decisions/.',
      severity: 'error',
      from: { path: OUTER_LAYER },
      to: { path: '(^|/)node_modules/', pathNot: inPackage(...HOUSED_PACKAGES) },
    },
    {
      name: 'the supervisor knows nothing of cli, electron and renderer',
      comment: 'Publish an event or a snapshot through the contract and let the shell listen.',
      severity: 'error',
      from: { path: [PLUGIN, ASSEMBLY_FILE] },
      to: { path: '^(cli|electron|renderer)/' },
    },
    {
      name: 'shells use the public face of the supervisor',
      comment: 'Import supervisor/index.ts, the contract or the local API. If something is missing there, add it to index.ts.',
      severity: 'error',
      from: { path: '^(cli|electron)/' },
      to: { path: '^supervisor/', pathNot: ['^supervisor/index[.]ts$', '^supervisor/(contract|local-api)/'] },
    },
    {
      name: 'shells do not know each other',
      comment: 'What both need belongs to the supervisor or the contract.',
      severity: 'error',
      from: { path: '^(cli|electron)/' },
      to: { path: '^(cli|electron|renderer)/', pathNot: '^$1/' },
    },
    {
      name: 'the panel imports the contract and its UI packages only',
      comment: 'The panel shows snapshots and sends ids. Ask for the rest through the contract.',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { pathNot: ['^renderer/', '^supervisor/contract/', inPackage(...PANEL_PACKAGES)] },
    },
    {
      name: 'nobody imports test',
      comment: 'Move what is worth sharing to where it is used for real. Only bench/ measures over the same beds.',
      severity: 'error',
      from: { pathNot: '^(test|bench)/' },
      to: { path: '^test/' },
    },
    {
      name: 'what ships does not import its tools',
      comment: 'build/ and bench/ stay behind when the app is packaged.',
      severity: 'error',
      from: { path: '^(supervisor|cli|electron|renderer)/' },
      to: { path: '^(build|bench)/' },
    },
    {
      name: 'every folder of the supervisor has its rules',
      comment: 'A new folder is a new kind of plug-in or layer: add it to this file and to the architecture first.',
      severity: 'error',
      from: { pathNot: '^test/' },
      to: { path: '^supervisor/', pathNot: KNOWN_FOLDER },
    },
    {
      name: 'imports do not run in a circle',
      comment: 'Move what both sides need into a third file that stands below them.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'every import leads to a file',
      comment: 'No rule can see through an import that cannot be resolved. Check the path and its .ts extension.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    // Types count: a type-only import of a forbidden layer is a dependency, too.
    tsPreCompilationDeps: true,
    doNotFollow: { path: '(^|/)node_modules/' },
    exclude: { path: ['^test/architecture/fixture/', '^dist/', '^release/'] },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.mjs', '.cjs', '.js', '.json', '.css'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
