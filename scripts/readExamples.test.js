// Shows which examples of doc comments are checked, what is declared for them, and which programs can't be CommonJS.
const { spawnSync } = require('node:child_process');
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');

const moduleUrl = name => pathToFileURL(join(__dirname, 'lib', name)).href;

// The scripts are ES modules, which jest does not load; node does. Loading TypeScript takes longest, so each call gets all
// inputs.
function run(expression, ...inputs) {
  const source = `
    import { exportsOf, readExamples } from '${moduleUrl('readExamples.mjs')}';
    import { awaitsOutsideFunctions } from '${moduleUrl('awaitsOutsideFunctions.mjs')}';
    const inputs = ${JSON.stringify(inputs)};
    console.log(JSON.stringify(${expression}));`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', source], {
    encoding: 'utf8',
  });
  if (stderr) throw new Error(stderr);
  return JSON.parse(stdout);
}

const report = `
## \`@greenroom/backend-defaults\`

export function createBackend(options?: Options): Backend;

export interface Options {}

## \`@greenroom/backend-defaults/roles\`

export function createRoleLoader(): void;

export abstract class Roles {}

export const roleServiceRef: Ref;
`;
const commented = code =>
  [
    '/**',
    ' * @example',
    ' * ```ts',
    ...code.split('\n').map(line => ` * ${line}`.trimEnd()),
    ' * ```',
    ' */',
  ].join('\n');
/** The examples of each text. */
const read = (...texts) =>
  run('inputs.slice(1).map(text => readExamples(text, exportsOf([inputs[0]])))', report, ...texts);

it('finds what each entry point exports as a value; the first that exports a name counts', () => {
  const second = report.replaceAll('backend-defaults', 'other');
  expect(run('[...exportsOf(inputs)]', report, second)).toEqual([
    ['createBackend', '@greenroom/backend-defaults'],
    ['createRoleLoader', '@greenroom/backend-defaults/roles'],
    ['Roles', '@greenroom/backend-defaults/roles'],
    ['roleServiceRef', '@greenroom/backend-defaults/roles'],
  ]);
});

it('finds every example, with the line before its code', () => {
  const first = 'createBackend();\n\nif (true) {\n  createBackend();\n}';
  const [blocks] = read(`const a = 1;\n${commented(first)}\n${commented('createRoleLoader();')}`);
  expect(blocks).toMatchObject([
    { language: 'ts', code: first, line: 4 },
    { language: 'ts', code: 'createRoleLoader();', line: 14 },
  ]);
});

it('takes imported files for features', () => {
  const [[{ code }]] = read(commented("backend.add(import('./greeter'));\nbackend.add(import('other'));"));
  expect(code).toMatch(
    /^backend\.add\(Promise\.resolve\(.*BackendFeature.*\)\);\nbackend\.add\(import\('other'\)\);$/,
  );
});

it('imports what a report lists, declares what else is used, and nothing that the example declares', () => {
  const given = 'declare const given: any;';
  const cases = [
    ['createBackend();', "import { createBackend } from '@greenroom/backend-defaults';"],
    ['backend.stop();', "declare const backend: import('@greenroom/backend-app-api').Backend;"],
    ['let a: Thing = console;', 'type Thing = any;'],
    ['const [a, { b: c = 1 }] = given; a; c;', given],
    ['given(a => a.b);', given],
    ['const a = { given };', given],
    ['class A { given = 1; } ({ given: 1 }).given; let b: { given: 1 }; given;', given],
    ['import.meta.url; given;', given],
    ['enum E { given } let t: [given: string]; given; export { given };', given],
    ["import one, { two as three } from 'other'; import * as four from 'other'; one; three; four;", ''],
    ['function f(): T { return new C(); } class C {} type T = C; f();', ''],
  ];
  const found = read(...cases.map(([code]) => commented(code))).map(([{ context }]) => context);
  expect(cases.map(([code], at) => [code, found[at]])).toEqual(cases);
});

it('sees whether a program awaits outside of functions', () => {
  const cases = [
    ['await a();', true],
    ['for await (const a of b) c(a);', true],
    ['await using a = b();', true],
    ['using a = b();', false],
    ['if (a) { for (const b of await c()) d(b); }', true],
    ['async function a() { await b(); }', false],
    ["it('works', async () => { for await (const a of b) await a; });", false],
    ['class A { async b() { await c(); } }', false],
  ];
  const found = run('inputs.map(code => awaitsOutsideFunctions(code))', ...cases.map(([code]) => code));
  expect(cases.map(([code], at) => [code, found[at]])).toEqual(cases);
});
