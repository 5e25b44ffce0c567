// The place in a caller's code where a function was called, for messages. Cheap to capture; formatted only on demand.
import { displayPlace, placesOf } from './displayPlace';

/** How many places are captured at most. Nobody writes more calls by hand, and in a loop the number says as much. */
const MOST = 500;

/** A place in code that called one of our functions. */
export class CallSite {
  readonly #holder: { stack?: string } | undefined;
  readonly #call: number | undefined;
  readonly #callee: string;

  /** Captures the place where `callee` was called. `call` is the number of this call, from 0, if known. */
  constructor(callee: (...args: never[]) => unknown, call?: number) {
    this.#call = call;
    this.#callee = callee.name;
    if (call !== undefined && call >= MOST) return;
    const limit = Error.stackTraceLimit;
    // One frame is enough; capturing more is what makes a stack trace expensive.
    Error.stackTraceLimit = 1;
    Error.captureStackTrace((this.#holder = {}), callee);
    Error.stackTraceLimit = limit;
  }

  /** `file:line:column`, relative to the working directory if it is inside. If unknown, the number of the call. */
  toString(): string {
    const [place] = placesOf(String(this.#holder?.stack));
    if (place !== undefined) return displayPlace(place);
    if (this.#call === undefined) return 'unknown';
    return `call ${this.#call + 1}${this.#callee && ` of ${this.#callee}()`}`;
  }
}
