// Finds the configuration keys that a source file reads, using its syntax tree only.
const ts = require('typescript');

const getter = /^(?:get|getOptional)(?:String|Number|Boolean|Config|ConfigArray|StringArray)$|^getOptional$/;
// Maps, headers and others have these methods as well.
const ambiguousGetter = /^(?:get|has)$/;
const maxDepth = 6;

/**
 * Returns the keys that `text` reads, as `{ key, line }`. A `*` stands for a part that is only known at run time; at
 * the start of a key it stands for any path.
 *
 * Considers calls such as `config.getString(key)`, and calls with a key as argument to imported functions named
 * `read...` and to function parameters. If a section is stored in a constant, it is prepended to the keys that are
 * read from it. A parameter of a function in this file may have any value that is passed to it in this file.
 */
function configReads(path, text) {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const reads = new Map();
  const knowsConfig = /from '@backstage\/config'/.test(text);
  visit(source, node => {
    if (!ts.isCallExpression(node)) return;
    const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
    for (const key of keysOfCall(node, knowsConfig)) {
      if (!/^[*.[\]]*$/.test(key)) reads.set(`${key}:${line}`, { key, line });
    }
  });
  return [...reads.values()];
}

function keysOfCall({ expression: callee, arguments: args }, knowsConfig) {
  if (ts.isPropertyAccessExpression(callee)) {
    const { text } = callee.name;
    const isGet =
      getter.test(text) || (knowsConfig && ambiguousGetter.test(text) && isConfigLike(callee.expression));
    if (!isGet || args.length === 0) return [];
    return joined(sectionOf(callee.expression, 0), textsOf(args[0], 0));
  }
  if (!ts.isIdentifier(callee)) return [];
  const declared = declarationOf(callee);
  const isReader =
    declared &&
    (ts.isParameter(declared) || (ts.isImportSpecifier(declared) && callee.text.startsWith('read')));
  if (!isReader || !knowsConfig) return [];
  const keys = args.map(arg => textsOf(arg, 0)).find(texts => texts.some(each => each !== '*'));
  return joined(['*.'], keys ?? []);
}

function isConfigLike(receiver) {
  return (
    /[cC]onfig$|^(?:entry|section|own|base|level|rule|override)$/.test(receiver.getText()) ||
    sectionCall(receiver)
  );
}

/** The prefix of the keys that are read from `receiver`. */
function sectionOf(receiver, depth) {
  const call = sectionCall(receiver);
  if (!call || depth > maxDepth) return ['*.'];
  const outer = sectionOf(call.expression.expression, depth + 1);
  return joined(outer, textsOf(call.arguments[0], 0)).map(key => `${key}.`);
}

/** The `getConfig` or `getOptionalConfig` call that an expression is, or that initialises the constant it refers to. */
function sectionCall(node) {
  let value = ts.isNonNullExpression(node) ? node.expression : node;
  if (ts.isIdentifier(value)) {
    const declared = declarationOf(value);
    value = declared && ts.isVariableDeclaration(declared) ? declared.initializer : undefined;
  }
  const isCall = value && ts.isCallExpression(value) && ts.isPropertyAccessExpression(value.expression);
  return isCall && /^get(?:Optional)?Config$/.test(value.expression.name.text) && value.arguments[0]
    ? value
    : undefined;
}

/** The possible string values of an expression. */
function textsOf(node, depth) {
  if (depth > maxDepth) return ['*'];
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isTemplateExpression(node)) {
    return node.templateSpans.reduce(
      (texts, { expression, literal }) => {
        const values = textsOf(expression, depth + 1);
        return texts.flatMap(text => values.map(value => text + value + literal.text));
      },
      [node.head.text],
    );
  }
  const declared = ts.isIdentifier(node) ? declarationOf(node) : undefined;
  if (declared && ts.isVariableDeclaration(declared) && declared.initializer) {
    return textsOf(declared.initializer, depth + 1);
  }
  if (!declared || !ts.isParameter(declared)) return ['*'];
  const given = callsOf(declared.parent).flatMap(
    args => args[declared.parent.parameters.indexOf(declared)] ?? [],
  );
  return given.length === 0 ? ['*'] : [...new Set(given.flatMap(each => textsOf(each, depth + 1)))];
}

/** The arguments of each call of a function within its own file. */
function callsOf(owner) {
  const name = owner.name ?? (ts.isVariableDeclaration(owner.parent) ? owner.parent.name : undefined);
  if (!name) return [];
  const calls = [];
  visit(owner.getSourceFile(), node => {
    if (!ts.isCallExpression(node) || !ts.isIdentifier(node.expression)) return;
    if (node.expression.text === name.getText()) calls.push(node.arguments);
  });
  return calls;
}

/** The variable, parameter or import that an identifier refers to. */
function declarationOf(identifier) {
  const isIt = name => ts.isIdentifier(name) && name.text === identifier.text;
  for (let scope = identifier.parent; scope; scope = scope.parent) {
    const parameter = ts.isFunctionLike(scope) && scope.parameters.find(({ name }) => isIt(name));
    if (parameter) return parameter;
    if (!ts.isBlock(scope) && !ts.isSourceFile(scope)) continue;
    for (const statement of scope.statements) {
      const found = ts.isVariableStatement(statement)
        ? statement.declarationList.declarations.find(({ name }) => isIt(name))
        : importedNames(statement).find(({ name }) => isIt(name));
      if (found) return found;
    }
  }
  return undefined;
}

function importedNames(statement) {
  if (!ts.isImportDeclaration(statement) || statement.moduleSpecifier.text.startsWith('node:')) return [];
  const bindings = statement.importClause?.namedBindings;
  return bindings && ts.isNamedImports(bindings) ? bindings.elements : [];
}

function joined(prefixes, texts) {
  return prefixes.flatMap(prefix => texts.map(text => `${prefix}${text}`));
}

function visit(node, see) {
  see(node);
  ts.forEachChild(node, child => visit(child, see));
}

module.exports = { configReads };
