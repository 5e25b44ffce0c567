// The base class of all Greenroom errors, with a stable code, a path and a hint what to do next.
import { types } from 'node:util';
import { asText, describe } from './describe';

/** Options of {@link GreenroomError}. */
export interface GreenroomErrorOptions {
  /** Stable; starts with `GR_`. */
  readonly code: string;
  /** What happened, to whom: one sentence without a full stop. */
  readonly message: string;
  /** How the subject was reached, outermost first. Each element is readable text: `plugin 'p'`, `service 'a'`. */
  readonly path?: readonly string[];
  /** More about where it happened, shown after the path: `added at src/index.ts:4:9`. */
  readonly place?: string;
  /** What to do next: one or more sentences, with full stops. */
  readonly hint?: string;
  readonly cause?: unknown;
}

// Each bundle of this package may contain its own copy of the class, so `instanceof` is unreliable.
const brand: unique symbol = Symbol.for('greenroom.error') as never;

/**
 * An error with a stable `code`, whose message says what happened, by which path, and what to do.
 *
 * The `name` of a subclass is its class name. A class that a bundler may rename sets `name` itself.
 */
export class GreenroomError extends Error {
  readonly code: string;
  readonly path?: readonly string[];
  readonly hint?: string;
  /** What happened, to whom: the part of the message before path, place and hint. */
  declare readonly what: string;
  /** Path and place, as shown in the message. Empty if neither is known. */
  declare readonly where: string;

  constructor(options: GreenroomErrorOptions) {
    const { code, message, path, place, hint, cause } = options;
    const where = [path?.join(' -> '), place].filter(Boolean).join('; ');
    super(composeMessage(message, where, hint), cause === undefined ? undefined : { cause });
    hidden(this, 'name', new.target.name);
    hidden(this, 'what', message);
    hidden(this, 'where', where);
    hidden(this, brand, true);
    this.code = code;
    if (path) this.path = path;
    if (hint) this.hint = hint;
    // Captured again, because the header of the first stack trace was written before the name was set.
    Error.captureStackTrace?.(this, new.target);
  }

  /** Includes name, code, message, path, hint and cause, so that an error survives `JSON.stringify`. */
  toJSON(): Record<string, unknown> {
    const { name, code, message, path, hint, cause } = this;
    return {
      name,
      code,
      message,
      ...(path && { path }),
      ...(hint && { hint }),
      ...(cause !== undefined && { cause: plainCause(cause) }),
    };
  }
}

/** Whether `value` is a {@link GreenroomError}, even one from another copy of this package. */
export function isGreenroomError(value: unknown): value is GreenroomError {
  return types.isNativeError(value) && brand in value;
}

/** One line or, if what happened takes several lines, a separate line for each further part. */
function composeMessage(what: string, where: string, hint: string | undefined): string {
  if (what.includes('\n')) return [what, where && `Where: ${where}`, hint].filter(Boolean).join('\n');
  const sentence = where ? `${what} (${where})` : what;
  return hint ? `${sentence}. ${hint}` : sentence;
}

function hidden(error: GreenroomError, key: PropertyKey, value: unknown): void {
  Object.defineProperty(error, key, { value, configurable: true, writable: true, enumerable: false });
}

/** Whether `value` is an error, even one from another realm, as Node's own errors are under jest. */
export function isError(value: unknown): value is Error {
  try {
    return types.isNativeError(value) || value instanceof Error;
  } catch {
    // A proxy that was revoked can't even be asked for its class.
    return false;
  }
}

/** The maximum number of causes to include, because chains of causes can be long. */
const MOST_CAUSES = 20;

// Causes may come from anywhere: a cycle, or a property that throws, must not prevent an error from being reported.
function plainCause(cause: unknown, seen: readonly unknown[] = []): unknown {
  try {
    if (!isError(cause)) return isPlain(cause) ? cause : describe(cause);
    if (seen.includes(cause)) return '[circular]';
    const { code, path } = cause as { code?: unknown; path?: unknown };
    const further = seen.length < MOST_CAUSES ? cause.cause : undefined;
    return {
      name: asText(cause.name),
      ...(typeof code === 'string' && { code }),
      message: asText(cause.message),
      ...(Array.isArray(path) && { path: path.map(part => (isPlain(part) ? part : describe(part))) }),
      ...(further !== undefined && { cause: plainCause(further, [...seen, cause]) }),
    };
  } catch {
    return describe(cause);
  }
}

function isPlain(value: unknown): boolean {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}
