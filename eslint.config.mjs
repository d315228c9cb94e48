// Answers which code the compiler accepts and we do not: promises nobody waits for, `any`, casts, clocks in the domain.
// It says nothing about layout. Each layer's settings come from its own tsconfig.json.
import node from 'eslint-plugin-n';
import tseslint from 'typescript-eslint';

const TYPESCRIPT = ['**/*.ts', '**/*.tsx'];
const PLAIN_TOOLS = ['**/*.mjs', '**/*.cjs'];
const TOOLS_AND_TESTS = ['build/**', 'bench/**', 'test/**', '*.mjs'];
const BUNDLED = ['supervisor/**', 'cli/**', 'electron/**'];

const IMPORT_WITHOUT_EXTENSION = {
  selector: ':matches(ImportDeclaration, ExportNamedDeclaration, ExportAllDeclaration)[source.value=/^[.].*[/][^.]+$/]',
  message: 'Name the file with its extension (./breaker.ts): bundler, test runner and cruiser then agree.',
};
const IPC_MAIN = {
  selector: 'Identifier[name="ipcMain"]',
  message: 'Only electron/ipc.ts touches ipcMain: it checks sender and schema of every call. Add a command to the contract.',
};
const USING = { selector: 'VariableDeclaration[kind=/using/]', message: 'Absent in Node 18.15. Stop it in a finally.' };

const NO_CLOCK = 'The domain is pure: take `now` as an argument and return what should happen as an effect.';
const NO_OUTSIDE = 'The domain is pure: return an effect or a value and let the engine act on it.';
const NO_LUCK = 'The domain is pure: take random numbers and ids as arguments.';
const DOMAIN_GLOBALS = [
  ...['Date', 'performance', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'clearTimeout', 'clearInterval'].map(
    (name) => ({ name, message: NO_CLOCK }),
  ),
  // Intl reads this machine's language and time zone, and formats "now" when asked for nothing else.
  ...['console', 'process', 'globalThis', 'window', 'self', 'document', 'require', 'fetch', 'Buffer', 'Intl'].map((name) => ({
    name,
    message: NO_OUTSIDE,
  })),
  { name: 'crypto', message: NO_LUCK },
];
const DOMAIN_SYNTAX = [
  { selector: ':function[async=true]', message: 'Decisions do not wait. Waiting belongs to the engine.' },
  { selector: 'ImportExpression', message: NO_OUTSIDE },
  {
    selector: ':matches(Program, ExportNamedDeclaration) > VariableDeclaration[kind="let"]',
    message: 'State is passed in and returned. A variable of the module would be remembered between decisions.',
  },
];

// Absent in the oldest runtime we run on (Node 18.15) although both the compiler and the plug-in below let them pass.
const NO_DISPOSE = 'Absent in Node 18.15. Whoever starts something returns the function that stops it.';
const DISPOSE_SYMBOLS = ['dispose', 'asyncDispose'].map((property) => ({ object: 'Symbol', property, message: NO_DISPOSE }));
const NODE_GLOBALS = [
  'AbortController', 'AbortSignal', 'Blob', 'Buffer', 'crypto', 'CustomEvent', 'EventSource', 'fetch', 'File', 'FormData',
  'Headers', 'navigator', 'performance', 'process', 'Request', 'Response', 'structuredClone', 'URL', 'WebSocket',
];
// Called experimental by 18.15, but present there and unchanged since.
const PRESENT_IN_OLD_RUNTIME = [
  'fetch', 'Headers', 'Request', 'Response', 'FormData', 'ReadableStream', 'WritableStream', 'TransformStream',
  'fs.cp', 'fs.promises.cp', 'fs/promises.cp', 'util.parseArgs',
];

export default tseslint.config(
  // The fixture breaks the rules on purpose; test/architecture lints it itself.
  { ignores: ['node_modules/**', 'dist/**', 'release/**', '.cache/**', 'test/architecture/fixture/**'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: [...TYPESCRIPT, ...PLAIN_TOOLS],
    extends: [tseslint.configs.base],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/prefer-promise-reject-errors': 'error',
      // `== null` says "null or undefined" and nothing else.
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-constant-condition': ['error', { checkLoops: false }],
      'no-debugger': 'error',
      'no-dupe-else-if': 'error',
      'no-duplicate-case': 'error',
      'no-empty': 'error',
      'no-eval': 'error',
      'no-fallthrough': 'error',
      'no-self-assign': 'error',
      'no-self-compare': 'error',
      'no-unreachable-loop': 'error',
      'no-unsafe-finally': 'error',
      'no-unsafe-optional-chaining': 'error',
      'no-unused-expressions': 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      'use-isnan': 'error',
      'valid-typeof': 'error',
    },
  },
  {
    files: TYPESCRIPT,
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-unnecessary-type-assertion': 'error',
      '@typescript-eslint/no-unsafe-argument': 'error',
      '@typescript-eslint/no-unsafe-assignment': 'error',
      '@typescript-eslint/no-unsafe-call': 'error',
      '@typescript-eslint/no-unsafe-member-access': 'error',
      '@typescript-eslint/no-unsafe-return': 'error',
      '@typescript-eslint/no-unsafe-type-assertion': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        // A default over a union would swallow the member added next year.
        { considerDefaultExhaustiveForUnions: false, requireDefaultForNonUnion: true },
      ],
      '@typescript-eslint/ban-ts-comment': 'error',
      'no-console': 'error',
      'no-restricted-syntax': ['error', IMPORT_WITHOUT_EXTENSION, USING, IPC_MAIN],
    },
  },
  { files: ['electron/ipc.ts'], rules: { 'no-restricted-syntax': ['error', IMPORT_WITHOUT_EXTENSION, USING] } },
  {
    files: ['supervisor/domain/**'],
    rules: {
      'no-restricted-globals': ['error', ...DOMAIN_GLOBALS],
      'no-restricted-properties': ['error', { object: 'Math', property: 'random', message: NO_LUCK }],
      'no-restricted-syntax': ['error', IMPORT_WITHOUT_EXTENSION, USING, IPC_MAIN, ...DOMAIN_SYNTAX],
    },
  },
  {
    files: BUNDLED,
    ignores: ['supervisor/domain/**'],
    plugins: { n: node },
    // The rule follows only globals it is told of.
    languageOptions: { globals: Object.fromEntries(NODE_GLOBALS.map((name) => [name, 'readonly'])) },
    rules: {
      'n/no-unsupported-features/node-builtins': ['error', { version: '>=18.15.0', ignores: PRESENT_IN_OLD_RUNTIME }],
      'no-restricted-properties': ['error', ...DISPOSE_SYMBOLS],
    },
  },
  {
    files: [...TOOLS_AND_TESTS, 'cli/**'],
    rules: { 'no-console': 'off' },
  },
  {
    // Tests build inputs no schema would let through.
    files: TOOLS_AND_TESTS,
    rules: { '@typescript-eslint/no-unsafe-type-assertion': 'off' },
  },
);
