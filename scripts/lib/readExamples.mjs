// Extracts the examples from doc comments, with declarations of all that they use, so that the compiler can check them.
import ts from 'typescript';

const api = "import('@greenroom/backend-plugin-api')";
/** The types of names that examples use without declaring them. Any other name may be anything. */
const known = {
  backend: "import('@greenroom/backend-app-api').Backend",
  colorsExtensionPoint: `${api}.ExtensionPoint<{ addColor(name: string): void }>`,
  config: `${api}.RootConfigService`,
  discovery: `${api}.DiscoveryService`,
  greeterServiceFactory: `${api}.ServiceFactory<{ greet(name: string): unknown }, 'plugin', 'singleton'>`,
  greeterServiceRef: `${api}.ServiceRef<{ greet(name: string): unknown }, 'plugin', 'singleton'>`,
  greetingsExtensionPoint: `${api}.ExtensionPoint<{ add(greeting: string): void }>`,
  httpRouter: `${api}.HttpRouterService`,
  reg: `${api}.BackendPluginRegistrationPoints`,
};
/** These have types of their own. */
const globals = new Set([...Object.getOwnPropertyNames(globalThis), 'beforeEach', 'expect', 'it', 'jest']);
/** These have names too, which declare nothing. */
const members = [
  ts.isClassElement,
  ts.isEnumMember,
  ts.isExportSpecifier,
  ts.isMetaProperty,
  ts.isNamedTupleMember,
  ts.isObjectLiteralElement,
  ts.isPropertyAccessExpression,
  ts.isTypeElement,
];
const feature = `Promise.resolve({} as { default: ${api}.BackendFeature })`;

/** Returns the names that API reports list, with the entry point that exports each. The first report counts. */
export function exportsOf(reports) {
  const found = new Map();
  for (const report of reports) {
    for (const [, entry, text] of report.matchAll(/^## `(.+?)`\n(.*?)(?=^## |$(?![^]))/gms)) {
      for (const [, name] of text.matchAll(/^export (?:abstract )?(?:class|const|function) (\w+)/gm)) {
        if (!found.has(name)) found.set(name, entry);
      }
    }
  }
  return found;
}

/** Returns the examples of a source file as blocks, like those of `readMarkdown`. `exported` comes from `exportsOf`. */
export function readExamples(text, exported) {
  return [...text.matchAll(/@example[ ]*\n\s*\* ```ts\n(.*?)\n\s*\* ```/gs)].map(
    ({ 0: all, 1: body, index }) => {
      const code = body.replace(/^\s*\* ?/gm, '').replace(/\bimport\('\.[^']*'\)/g, feature);
      const line = text.slice(0, index + all.indexOf(body)).split('\n').length - 1;
      return { language: 'ts', code, line, context: declarations(code, exported) };
    },
  );
}

function declarations(code, exported) {
  const { values, types } = freeNames(ts.createSourceFile('example.ts', code, ts.ScriptTarget.Latest, true));
  return [
    ...values.map(name =>
      exported.has(name)
        ? `import { ${name} } from '${exported.get(name)}';`
        : `declare const ${name}: ${known[name] ?? 'any'};`,
    ),
    ...types.map(name => `type ${name} = any;`),
  ].join('\n');
}

/** The names that code uses and does not declare. Ignores scopes: no example declares a name that it takes from outside. */
function freeNames(source) {
  const [declared, values, types] = [new Set(), new Set(), new Set()];
  const visit = node => {
    if (ts.isIdentifier(node)) {
      const { parent } = node;
      if (parent.name === node && !ts.isShorthandPropertyAssignment(parent)) {
        if (!members.some(isOne => isOne(parent))) declared.add(node.text);
      } else if (ts.isTypeReferenceNode(parent)) types.add(node.text);
      else if (parent.propertyName !== node) values.add(node.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  const free = names => [...names].filter(name => !declared.has(name) && !globals.has(name));
  return { values: free(values), types: free(types) };
}
