// A token that ends: asked for when it is needed, by one request for all who wait, and again shortly before its end.

/** The answer to a request for a token. */
export interface IssuedToken {
  /** Undefined if there is none, which is remembered as well. */
  token: string | undefined;
  /** Milliseconds since 1970. */
  usableUntil: number;
}

/** How long before its end a token is no longer used, so that what starts with it can finish with it. */
export const tokenMarginMs = 10 * 60_000;

/** A failure is not remembered: who comes next asks again. */
export class EndingToken {
  readonly #ask: () => Promise<IssuedToken>;
  #issued: IssuedToken | undefined;
  #asking: Promise<IssuedToken> | undefined;

  constructor(ask: () => Promise<IssuedToken>) {
    this.#ask = ask;
  }

  async get(): Promise<string | undefined> {
    if (this.#issued && this.#issued.usableUntil > Date.now()) return this.#issued.token;
    this.#asking ??= this.#ask()
      .then(issued => (this.#issued = issued))
      .finally(() => (this.#asking = undefined));
    return (await this.#asking).token;
  }
}
