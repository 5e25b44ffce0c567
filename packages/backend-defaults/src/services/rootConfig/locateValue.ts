// Finds where a resolved value was written in a configuration file, following `$include`, `$env` and `${VAR}`.
import { dirname, resolve } from 'node:path';
import type { ConfigDocument, ConfigPath } from './ConfigDocument';
import type { ConfigPlace } from './ConfigPlace';
import { substituteVariables } from './substituteVariables';

/** What locating a value needs. */
export interface LocateContext {
  readonly env: NodeJS.ProcessEnv;
  /** The parsed file; throws if it cannot be read. */
  readDocument(file: string): ConfigDocument;
}

interface At {
  readonly document: ConfigDocument;
  readonly path: ConfigPath;
  readonly value: unknown;
}

// More than any sane chain of includes has. Circular includes have already been reported.
const maxIncludes = 32;

/** The place of the value at `path` in the resolved `document`, or of its nearest existing ancestor. */
export function locateValue(document: ConfigDocument, path: ConfigPath, context: LocateContext): ConfigPlace {
  let at = follow({ document, path: [], value: document.data }, context);
  for (const step of path) {
    const next = child(at, step);
    if (!next) break;
    at = follow(next, context);
  }
  const variable = variableOf(at.value);
  const file = at.document.file;
  return { file, ...at.document.positionOf(at.path), ...(variable !== undefined && { variable }) };
}

function child({ document, path, value }: At, step: string | number): At | undefined {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
  return { document, path: [...path, step], value: (value as Record<string | number, unknown>)[step] };
}

function follow(start: At, context: LocateContext): At {
  let at = start;
  for (let count = 0; count < maxIncludes; count++) {
    const target = includeTarget(at, context);
    if (!target) return at;
    at = target;
  }
  return at;
}

function includeTarget(at: At, context: LocateContext): At | undefined {
  const argument = argumentOf(at.value, '$include');
  const text = argument === undefined ? undefined : substituteVariables(argument, context.env);
  if (text === undefined) return undefined;
  const [path = '', ...fragment] = text.split('#');
  let document: ConfigDocument;
  try {
    document = context.readDocument(resolve(dirname(at.document.file), path));
  } catch {
    return undefined;
  }
  let target: At = { document, path: [], value: document.data };
  for (const key of fragment.join('#').split('.').filter(Boolean)) {
    const next = child(follow(target, context), key);
    if (!next) return undefined;
    target = next;
  }
  return target;
}

function variableOf(value: unknown): string | undefined {
  if (typeof value === 'string') return /(?<!\$)\$\{\s*([^\s{}$:]+)\s*(?::-[^}]*)?\}/.exec(value)?.[1];
  return argumentOf(value, '$env');
}

function argumentOf(value: unknown, directive: string): string | undefined {
  const argument = (value as Record<string, unknown> | null | undefined)?.[directive];
  return typeof argument === 'string' ? argument : undefined;
}
