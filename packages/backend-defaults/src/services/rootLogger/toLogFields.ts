// Turns what callers pass along with a message into plain, redacted data that can be serialised safely.
import { isError } from '@greenroom/backend-plugin-api/internal';

/** Fields of a log entry. */
export type LogFields = Record<string, unknown>;

type Redact = (text: string) => string;

const maxDepth = 8;

// Names that the logger itself writes. Readers of the log rely on them, so they stay even if a secret equals one.
const fixedNames = new Set(
  'level time timestamp message service plugin error errors name code stack cause'.split(' '),
);

/** The fields for `meta`: those of an object, or `error` for an error. Never throws. */
export function toLogFields(meta: unknown, redact: Redact): LogFields {
  if (isError(meta)) return { error: plainError(meta, redact, [meta]) };
  const plain = plainValue(meta, redact, []);
  return typeof plain === 'object' && plain !== null && !Array.isArray(plain)
    ? (plain as LogFields)
    : { meta: plain };
}

/** Stands for what can't be read because of `problem`, which need not be an error or even have a text. Never throws. */
export function unreadable(problem: unknown): string {
  try {
    return `[unreadable: ${String(problem)}]`;
  } catch {
    return '[unreadable]';
  }
}

function plainValue(value: unknown, redact: Redact, ancestors: readonly object[]): unknown {
  if (typeof value === 'string') return redact(value);
  if (typeof value === 'number') return plainNumber(value, redact);
  if (typeof value === 'bigint') return redact(String(value));
  if (typeof value === 'function' || typeof value === 'symbol') return `[${typeof value}]`;
  if (typeof value !== 'object' || value === null) return value;
  if (ancestors.includes(value)) return '[circular]';
  if (ancestors.length >= maxDepth) return Array.isArray(value) ? '[array]' : '[object]';
  try {
    return plainObject(value, redact, [...ancestors, value]);
  } catch (error) {
    return redact(unreadable(error));
  }
}

/** The number itself, unless it is or contains a secret, such as a PIN. */
function plainNumber(value: number, redact: Redact): number | string {
  const text = String(value);
  const redacted = redact(text);
  return redacted === text ? value : redacted;
}

function plainObject(value: object, redact: Redact, path: readonly object[]): unknown {
  if (isError(value)) return plainError(value, redact, path);
  if (Array.isArray(value)) return value.map(item => plainValue(item, redact, path));
  if (ArrayBuffer.isView(value)) return `[${value.constructor.name} of ${value.byteLength} bytes]`;
  if ('toJSON' in value && typeof value.toJSON === 'function')
    return plainValue(value.toJSON(), redact, path);
  if (value instanceof Set) return [...value].map(item => plainValue(item, redact, path));

  if (value instanceof Map) return plainObject(Object.fromEntries(value), redact, path);
  const fields: LogFields = {};
  // Every request is logged through this loop, so it avoids creating pairs.
  for (const name of Object.keys(value)) {
    const item = (value as LogFields)[name];
    if (item === undefined) continue;
    fields[fixedNames.has(name) ? name : redact(name)] = plainValue(item, redact, path);
  }
  return fields;
}

/** Not read where that would run code: octokit's errors then warn on standard error that their code is deprecated. */
function codeOf(error: Error & { code?: unknown }): unknown {
  return Object.getOwnPropertyDescriptor(error, 'code')?.get ? undefined : error.code;
}

/** Only the fields of an error that are meant for a log (name, message, code, stack, causes), as others may hold anything. */
function plainError(error: Error, redact: Redact, path: readonly object[]): LogFields {
  const fields: LogFields = {};
  try {
    const { cause, errors, stack } = error as Error & { errors?: unknown };
    const code = codeOf(error);
    fields.name = redact(String(error.name));
    fields.message = redact(String(error.message));
    if (typeof code === 'string') fields.code = redact(code);
    else if (typeof code === 'number') fields.code = plainNumber(code, redact);
    if (typeof stack === 'string') fields.stack = redact(stack);
    if (cause !== undefined) fields.cause = plainValue(cause, redact, path);
    if (Array.isArray(errors)) fields.errors = errors.map(item => plainValue(item, redact, path));
  } catch (problem) {
    fields.message ??= redact(unreadable(problem));
  }
  return fields;
}
