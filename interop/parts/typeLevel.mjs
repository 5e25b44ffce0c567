// Compares every public name of the published contracts and test utilities with ours, using the compiler.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { versionOf } from '../lib/versions.mjs';
import { typeExceptions } from './typeExceptions.mjs';

const folder = fileURLToPath(new URL('..', import.meta.url));
// For test utilities, ours must be usable in place of theirs. The reverse need not hold, because ours do more.
const entries = [
  { name: 'backend-plugin-api', bothWays: true },
  { name: 'backend-test-utils', bothWays: false },
]
  .flatMap(({ name, ...rest }) => [name, `${name}/alpha`].map(path => ({ path, ...rest })))
  .map(({ path, ...rest }) => ({ published: `@backstage/${path}`, ours: `@greenroom/${path}`, ...rest }));
const compilerOptions = {
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.Node16,
  moduleResolution: ts.ModuleResolutionKind.Node16,
  types: ['node', 'jest'],
};

/** Yields one row per entry point, and one for each failed assertion that is not a known exception. */
export async function* typeLevel({ chosen }) {
  for (const entry of entries) {
    if (!chosen(entry.published)) continue;
    const assertions = exportsOf(entry.published)
      .flatMap(assertionsFor)
      .filter(({ id }) => entry.bothWays || id.includes('ours for theirs'));
    const failures = check(entry, assertions);
    const known = typeExceptions[entry.published] ?? {};
    const stale = Object.keys(known).filter(id => !failures.has(id));
    const unknown = [...failures].filter(([id]) => !(id in known));
    yield {
      what: entry.published,
      packages: [versionOf(entry.published.split('/').slice(0, 2).join('/'))],
      asked: `${assertions.length} assertions over ${new Set(assertions.map(({ name }) => name)).size} names, ${entry.bothWays ? 'both ways' : 'ours for theirs'}`,
      exceptions: Object.entries(known),
      failure: stale.length > 0 ? `among the exceptions without need: ${stale.join(', ')}` : undefined,
    };
    for (const [id, message] of unknown) yield { what: `${entry.published}: ${id}`, failure: message };
  }
}

/** All exports, including those of exported namespaces by their dotted names. */
function exportsOf(specifier) {
  const { program, file } = compile(`export * from '${specifier}';`);
  const checker = program.getTypeChecker();
  const membersOf = (module, prefix) =>
    checker.getExportsOfModule(module).flatMap(symbol => {
      const real = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
      const name = `${prefix}${symbol.name}`;
      const has = flags => Boolean(real.flags & flags);
      const described = {
        name,
        value: has(ts.SymbolFlags.Value),
        type: has(ts.SymbolFlags.Type),
        isClass: has(ts.SymbolFlags.Class),
        parameters: typeParametersOf(real),
      };
      const isNamespace = has(ts.SymbolFlags.ValueModule | ts.SymbolFlags.NamespaceModule);
      return [described, ...(isNamespace ? membersOf(real, `${name}.`) : [])];
    });
  return membersOf(checker.getSymbolAtLocation(file), '');
}

function typeParametersOf(symbol) {
  const declaration = symbol.declarations?.find(
    node => ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node) || ts.isClassDeclaration(node),
  );
  // `any` satisfies every constraint. Unconstrained parameters get a marker type that can't be confused with anything else.
  return (declaration?.typeParameters ?? []).map(({ constraint }) => (constraint ? 'any' : 'Marker'));
}

function assertionsFor({ name, value, type, isClass, parameters }) {
  const list = [];
  const add = (kind, ours, published) =>
    list.push(
      { name, id: `${name} (${kind}, ours for theirs)`, code: `take<${published}>()(give<${ours}>());` },
      { name, id: `${name} (${kind}, theirs for ours)`, code: `take<${ours}>()(give<${published}>());` },
    );
  const args = parameters.length > 0 ? `<${parameters.join(', ')}>` : '';
  if (type) add('type', `Ours.${name}${args}`, `Theirs.${name}${args}`);
  // Classes with private members are never assignable to another declaration, but their public members can be.
  if (isClass) add('members', `Members<Ours.${name}${args}>`, `Members<Theirs.${name}${args}>`);
  if (value) add('value', `typeof Ours.${name}`, `typeof Theirs.${name}`);
  return list;
}

/** The assertions that fail, with the compiler's messages. */
function check({ ours, published }, assertions) {
  const head = [
    `import type * as Ours from '${ours}';`,
    `import type * as Theirs from '${published}';`,
    'interface Marker { readonly marker: unique symbol }',
    'type Members<T> = { [Key in keyof T]: T[Key] };',
    'declare function give<T>(): T;',
    'declare function take<T>(): (given: T) => void;',
  ];
  const { program, file } = compile([...head, ...assertions.map(({ code }) => code)].join('\n'));
  const failures = new Map();
  for (const diagnostic of ts.getPreEmitDiagnostics(program, file)) {
    const { line } = file.getLineAndCharacterOfPosition(diagnostic.start);
    const text = ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n');
    const { id } = assertions[line - head.length] ?? { id: 'the head of the assertions' };
    failures.set(id, failures.has(id) ? `${failures.get(id)}\n${text}` : text);
  }
  return failures;
}

/** Parsed declarations, shared by all compilations. */
const parsed = new Map();

/** Compiles `text` as a module in this folder, so that it sees the packages installed here. */
function compile(text) {
  const name = join(folder, 'assertions.cts');
  const host = ts.createCompilerHost(compilerOptions);
  const { getSourceFile, fileExists, readFile } = host;
  host.getSourceFile = (file, ...rest) => {
    if (file === name) return ts.createSourceFile(file, text, ...rest);
    if (!parsed.has(file)) parsed.set(file, getSourceFile.call(host, file, ...rest));
    return parsed.get(file);
  };
  host.fileExists = file => file === name || fileExists.call(host, file);
  host.readFile = file => (file === name ? text : readFile.call(host, file));
  const program = ts.createProgram([name], compilerOptions, host);
  return { program, file: program.getSourceFile(name) };
}
