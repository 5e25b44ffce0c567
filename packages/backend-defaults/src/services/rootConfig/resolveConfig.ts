// Resolves the raw data of a configuration file to final values: `$env`, `$file`, `$include` and `${VAR}`.
import { dirname, extname, resolve } from 'node:path';
import type { JsonObject, JsonValue } from '@backstage/types';
import type { ConfigDocument, ConfigPath } from './ConfigDocument';
import type { ConfigProblem } from './ConfigPlace';
import { substituteVariables } from './substituteVariables';

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

interface Position {
  readonly document: ConfigDocument;
  readonly path: ConfigPath;
  /** The includes being resolved, as `file#fragment`. */
  readonly includes: readonly string[];
}

type Directive = (argument: string, at: Position, context: ResolveContext) => JsonValue | undefined;

const directives: Record<string, Directive> = {
  $env(name, _at, { env, onSecret }) {
    const value = env[name]?.trim();
    if (value) onSecret(value);
    return value;
  },

  $file(path, at, context) {
    const text = readOrReport(path, at, context, file => context.readText(file))?.trimEnd();
    if (text) context.onSecret(text);
    return text;
  },

  $include(argument, at, context) {
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
    if (!document) return undefined;
    const includes = [...at.includes, id];
    return pick(fragment ? fragment.split('.') : [], { document, path: [], includes }, at, context);
  },
};

/** Resolves a whole document. Problems are reported to the context, and the values that have them are left out. */
export function resolveConfig(document: ConfigDocument, context: ResolveContext): JsonValue | undefined {
  return resolveValue(document.data, { document, path: [], includes: [`${document.file}#`] }, context);
}

function resolveValue(value: unknown, at: Position, context: ResolveContext): JsonValue | undefined {
  if (typeof value === 'string') return substituteVariables(value, context.env, context.onSecret);
  if (Array.isArray(value)) {
    return value
      .map((item, index) => resolveValue(item, child(at, index), context))
      .filter(item => item !== undefined);
  }
  if (typeof value !== 'object' || value === null) return value as JsonValue | undefined;

  const keys = Object.keys(value);
  const directive = keys.find(key => key.startsWith('$'));
  if (directive !== undefined) return resolveDirective(directive, value as JsonObject, at, context);

  const result: JsonObject = {};
  for (const key of keys) {
    if (key === '__proto__') {
      report(child(at, key), context, "'__proto__' cannot be a configuration key: rename it.");
      continue;
    }
    const resolved = resolveValue((value as JsonObject)[key], child(at, key), context);
    if (resolved !== undefined) result[key] = resolved;
  }
  return result;
}

function resolveDirective(name: string, value: JsonObject, at: Position, context: ResolveContext) {
  const inside = child(at, name);
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
  return substituted === undefined ? undefined : run(substituted, inside, context);
}

// The path to the fragment may lead through a directive, which is then resolved on the way.
function pick(
  keys: readonly string[],
  target: Position,
  origin: Position,
  context: ResolveContext,
): JsonValue | undefined {
  let value: unknown = target.document.data;
  let at = target;
  let resolved = false;
  for (const key of keys) {
    if (!resolved && isDirective(value)) {
      value = resolveValue(value, at, context);
      if (value === undefined) return undefined;
      resolved = true;
    }
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) {
      // A file that could not be parsed has already been reported.
      if (target.document.data === undefined) return undefined;
      return report(
        origin,
        context,
        `There is no value at '${keys.join('.')}' in ${target.document.file}: correct what follows '#'.`,
      );
    }
    value = (value as JsonObject)[key];
    at = child(at, key);
  }
  return resolved ? (value as JsonValue) : resolveValue(value, at, context);
}

function isDirective(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).some(key => key.startsWith('$'));
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

function report(at: Position, context: ResolveContext, message: string): undefined {
  context.problems.push({ file: at.document.file, ...at.document.positionOf(at.path), message });
  return undefined;
}
