// Turns an error into plain data for a response or a table, whatever its fields are.
import { serializeError, type ErrorLike, type SerializedError } from '@backstage/errors';

/** Options of {@link errorAsJson}. */
export interface ErrorAsJsonOptions {
  /** Whether the stack is included. Default `false`. */
  includeStack?: boolean;
  /** Fields that are left out. */
  omit?: readonly string[];
}

/**
 * The fields of an error as they come out of JSON. A bigint is a string, as JSON has no form for it. Of an error with a
 * field that throws when it is read, only name and message are left: nobody would be told of the error otherwise.
 */
export function errorAsJson(error: ErrorLike, options: ErrorAsJsonOptions = {}): SerializedError {
  const { includeStack = false, omit = [] } = options;
  try {
    const fields = serializeError(error as Error, { includeStack });
    for (const field of omit) delete fields[field];
    return JSON.parse(
      JSON.stringify(fields, (_name, value) => (typeof value === 'bigint' ? `${value}` : value)),
    );
  } catch {
    return { name: error.name, message: error.message };
  }
}
