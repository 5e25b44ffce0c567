// Where in somebody's code a feature was added. Cheap to take, worded only when a message needs it.
import { displayPlace, placesOf } from '@greenroom/backend-plugin-api/internal';

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

  /** `file:line:column`, relative to the working directory where it lies in it; where that is unknown, which call it was. */
  toString(): string {
    const [place] = placesOf(String(this.#holder?.stack));
    return place === undefined ? `call ${this.#call + 1}` : displayPlace(place);
  }
}
