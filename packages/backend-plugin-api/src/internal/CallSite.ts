// Where in somebody's code a function was called, for messages. Cheap to take, worded only when a message needs it.
import { displayPlace, placesOf } from './displayPlace';

/** So many calls are written by hand at most; where a program makes more, their number tells as much as the place. */
const MOST = 500;

/** A place in the code that called one of ours. */
export class CallSite {
  readonly #holder: { stack?: string } | undefined;
  readonly #call: number | undefined;

  /** Takes the place from which `callee` was called; `call` is for the how manieth time, counted from 0, where that is known. */
  constructor(callee: (...args: never[]) => unknown, call?: number) {
    this.#call = call;
    if (call !== undefined && call >= MOST) return;
    const limit = Error.stackTraceLimit;
    // One frame is enough, and taking more is what makes a stack trace expensive.
    Error.stackTraceLimit = 1;
    Error.captureStackTrace((this.#holder = {}), callee);
    Error.stackTraceLimit = limit;
  }

  /** `file:line:column`, relative to the working directory where it lies in it; where that is unknown, which call it was. */
  toString(): string {
    const [place] = placesOf(String(this.#holder?.stack));
    if (place !== undefined) return displayPlace(place);
    return this.#call === undefined ? 'unknown' : `call ${this.#call + 1}`;
  }
}
