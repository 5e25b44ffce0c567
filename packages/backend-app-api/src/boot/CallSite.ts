// Where in somebody's code a feature was added. Cheap to take, worded only when a message needs it.

/** So many features are added by hand at most; where a program adds more, their number tells as much as the place. */
const MOST = 500;

/** A place in the code that called the engine. */
export class CallSite {
  readonly #holder: { stack?: string } | undefined;
  readonly #call: number;

  /** Takes the place from which `callee` was called for the `call`th time, counted from 0. */
  constructor(callee: (...args: never[]) => unknown, call = 0) {
    this.#call = call;
    if (call >= MOST) return;
    const limit = Error.stackTraceLimit;
    // One frame is enough, and taking more is what makes a stack trace expensive.
    Error.stackTraceLimit = 1;
    Error.captureStackTrace((this.#holder = {}), callee);
    Error.stackTraceLimit = limit;
  }

  /** `file:line:column`; where that is unknown, which call it was. */
  toString(): string {
    const frame = this.#holder?.stack?.split('\n').find(line => line.trimStart().startsWith('at '));
    const place = frame?.match(/\(?((?:file:\/\/)?[^\s()]+:\d+:\d+)\)?$/)?.[1];
    return place?.replace(/^file:\/\//, '') ?? `call ${this.#call + 1}`;
  }
}
