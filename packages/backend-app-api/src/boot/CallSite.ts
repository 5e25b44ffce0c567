// Where in somebody's code a feature was added. Cheap to take, worded only when a message needs it.

/** A place in the code that called the engine. */
export class CallSite {
  readonly #holder: { stack?: string } = {};

  /** Takes the place from which `callee` was called. */
  constructor(callee: (...args: never[]) => unknown) {
    const limit = Error.stackTraceLimit;
    // One frame is enough, and taking more is what makes a stack trace expensive.
    Error.stackTraceLimit = 1;
    Error.captureStackTrace(this.#holder, callee);
    Error.stackTraceLimit = limit;
  }

  /** `file:line:column`, or words where the caller has no place, as in a REPL. */
  toString(): string {
    const frame = this.#holder.stack?.split('\n').find(line => line.trimStart().startsWith('at '));
    const place = frame?.match(/\(?((?:file:\/\/)?[^\s()]+:\d+:\d+)\)?$/)?.[1];
    return place?.replace(/^file:\/\//, '') ?? 'an unknown place';
  }
}
