// Resolves the raw data of a configuration file to final values (`$env`, `$file`, `$include`, `${VAR}`), and knows where each was written.
import { dirname, extname, resolve } from 'node:path';
import type { JsonObject, JsonValue } from '@backstage/types';
import type { ConfigDocument } from './ConfigDocument';
import type { ConfigPath, ConfigPlace, ConfigProblem } from './ConfigPlace';
import { firstVariable, substituteVariables, valueOf } from './substituteVariables';

/** What resolving reads from and reports to. */
export interface ResolveContext {
  readonly env: NodeJS.ProcessEnv;
  readonly problems: ConfigProblem[];
  /** Called with every value that came from the environment or from a `$file`. */
  onSecret(value: string): void;
  /** The text of a file; throws the errors of `readFileSync`. */
  readText(file: string): string;
  /** The parsed file, parsed at most once; throws like {@link ResolveContext.readText}. */
  readDocument(file: string): ConfigDocument;
}

/** A resolved file. */
export interface ResolvedConfig {
  readonly data: JsonValue | undefined;
  /** The place of the value at `path`, or of its nearest existing ancestor. */
  locate(path: ConfigPath): ConfigPlace;
}

interface Position {
  readonly document: ConfigDocument;
  readonly path: ConfigPath;
  /** The includes being resolved, as `file#fragment`. */
  readonly includes: readonly string[];
}

/** A resolved value, and where it was written: for an `$include`, where that leads. */
interface Resolved {
  readonly value: JsonValue | undefined;
  readonly at: Position;
}

/** By resolved object or list, where its values were written. */
type Places = WeakMap<object, Map<string | number, Position>>;

interface Resolving extends ResolveContext {
  readonly places: Places;
}

/** `at` is the place of the argument, `origin` that of the whole directive. */
type Directive = (argument: string, at: Position, origin: Position, context: Resolving) => Resolved;

const directives: Record<string, Directive> = {
  $env(name, _at, origin, { env, onSecret }) {
    const value = valueOf(env, name);
    if (value) onSecret(value);
    return { value, at: origin };
  },

  $file(path, at, origin, context) {
    const value = readOrReport(path, at, context, file => context.readText(file))?.trimEnd();
    if (value) context.onSecret(value);
    return { value, at: origin };
  },

  $include(argument, at, _origin, context) {
    const hash = argument.indexOf('#');
    const path = hash < 0 ? argument : argument.slice(0, hash);
    const fragment = hash < 0 ? '' : argument.slice(hash + 1);
    if (!['.yaml', '.yml', '.json'].includes(extname(path))) {
      return report(
        at,
        context,
        `$include reads .yaml, .yml and .json files; '${path}' is not one of these: use $file.`,
      );
    }
    const id = `${resolve(dirname(at.document.file), path)}#${fragment}`;
    if (at.includes.includes(id)) {
      const circle = [...at.includes.slice(at.includes.indexOf(id)), id].map(step => step.replace(/#$/, ''));
      return report(at, context, `$include goes in a circle: ${circle.join(' -> ')}. Remove one of these.`);
    }
    const document = readOrReport(path, at, context, file => context.readDocument(file));
    if (!document) return { value: undefined, at };
    const includes = [...at.includes, id];
    return pick(fragment ? fragment.split('.') : [], { document, path: [], includes }, at, context);
  },
};

/** Resolves a whole document. Problems are reported to the context, and the values that have them are left out. */
export function resolveConfig(document: ConfigDocument, context: ResolveContext): ResolvedConfig {
  const places: Places = new WeakMap();
  const start = { document, path: [], includes: [`${document.file}#`] };
  const root = resolveValue(document.data, start, { ...context, places });
  return { data: root.value, locate: path => locate(root, path, places) };
}

function resolveValue(value: unknown, at: Position, context: Resolving): Resolved {
  if (typeof value === 'string') {
    return { value: substituteVariables(value, context.env, context.onSecret), at };
  }
  if (Array.isArray(value)) {
    const items = value
      .map((item, index) => resolveValue(item, child(at, index), context))
      .filter(item => item.value !== undefined);
    const list = items.map(item => item.value!);
    context.places.set(list, new Map(items.map((item, index) => [index, item.at])));
    return { value: list, at };
  }
  if (typeof value !== 'object' || value === null) return { value: value as JsonValue | undefined, at };

  const keys = Object.keys(value);
  const directive = keys.find(key => key.startsWith('$'));
  if (directive !== undefined) return resolveDirective(directive, value as JsonObject, at, context);

  const result: JsonObject = {};
  const places = new Map<string, Position>();
  for (const key of keys) {
    if (key === '__proto__') {
      report(child(at, key), context, "'__proto__' cannot be a configuration key: rename it.");
      continue;
    }
    const resolved = resolveValue((value as JsonObject)[key], child(at, key), context);
    if (resolved.value === undefined) continue;
    result[key] = resolved.value;
    places.set(key, resolved.at);
  }
  context.places.set(result, places);
  return { value: result, at };
}

function resolveDirective(name: string, value: JsonObject, origin: Position, context: Resolving): Resolved {
  const inside = child(origin, name);
  const run = Object.hasOwn(directives, name) ? directives[name] : undefined;
  if (!run) {
    const known = Object.keys(directives).join(', ');
    return report(inside, context, `'${name}' is not a known directive: use one of ${known}.`);
  }
  if (Object.keys(value).length > 1) {
    return report(inside, context, `'${name}' must be the only key of its object: move the others out.`);
  }
  const argument = value[name];
  if (typeof argument !== 'string') {
    return report(inside, context, `'${name}' needs a string after it.`);
  }
  const substituted = substituteVariables(argument, context.env);
  if (substituted === undefined) return { value: undefined, at: origin };
  return run(substituted, inside, origin, context);
}

// The path to the fragment may lead through a directive, which is then resolved on the way.
function pick(keys: readonly string[], target: Position, origin: Position, context: Resolving): Resolved {
  let value: unknown = target.document.data;
  let at = target;
  let resolved = false;
  for (const key of keys) {
    if (!resolved && isDirective(value)) {
      ({ value, at } = resolveValue(value, at, context));
      if (value === undefined) return { value, at };
      resolved = true;
    }
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) {
      // A file that could not be parsed has already been reported.
      if (target.document.data === undefined) return { value: undefined, at };
      return report(
        origin,
        context,
        `There is no value at '${keys.join('.')}' in ${target.document.file}: correct what follows '#'.`,
      );
    }
    at = context.places.get(value)?.get(key) ?? child(at, key);
    value = (value as JsonObject)[key];
  }
  return resolved ? { value: value as JsonValue, at } : resolveValue(value, at, context);
}

function isDirective(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).some(key => key.startsWith('$'));
}

function locate(root: Resolved, path: ConfigPath, places: Places): ConfigPlace {
  let { value, at }: { value: unknown; at: Position } = root;
  for (const step of path) {
    const next = typeof value === 'object' && value !== null ? places.get(value)?.get(step) : undefined;
    if (!next) break;
    value = (value as Record<string | number, unknown>)[step];
    at = next;
  }
  const { document } = at;
  const variable = variableIn(at.path.reduce<unknown>((raw, step) => Object(raw)[step], document.data));
  return { file: document.file, ...document.positionOf(at.path), ...(variable && { variable }) };
}

/** The first variable that a value consists of, as it was written. */
function variableIn(raw: unknown): string | undefined {
  if (typeof raw === 'string') return firstVariable(raw);
  const name: unknown = Object(raw).$env;
  return typeof name === 'string' ? name : undefined;
}

function readOrReport<T>(path: string, at: Position, context: ResolveContext, read: (file: string) => T) {
  const file = resolve(dirname(at.document.file), path);
  try {
    return read(file);
  } catch (error) {
    const reason =
      (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : String(error);
    report(at, context, `Cannot read ${file}: ${reason}. Correct the path or create the file.`);
    return undefined;
  }
}

function child(at: Position, key: string | number): Position {
  return { ...at, path: [...at.path, key] };
}

function report(at: Position, context: ResolveContext, message: string): Resolved {
  context.problems.push({ file: at.document.file, ...at.document.positionOf(at.path), message });
  return { value: undefined, at };
}
