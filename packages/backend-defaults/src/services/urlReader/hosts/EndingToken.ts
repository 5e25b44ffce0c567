// A token that ends: asked for when it is needed, by one request for all who wait, and again shortly before its end.

/** The answer to a request for a token. */
export interface IssuedToken {
  /** Undefined if there is none, which is remembered as well. */
  token: string | undefined;
  /** Milliseconds since 1970. */
  usableUntil: number;
}

/** How long a token is kept although it was refused: where every token is, this bounds how many are asked for. */
const refusedMs = 60_000;
/** How long before its end a token is no longer used, so that what starts with it can finish with it. */
export const tokenMarginMs = 10 * 60_000;

/** A failure is not remembered: who comes next asks again. */
export class EndingToken {
  readonly #ask: () => Promise<IssuedToken>;
  #issued: (IssuedToken & { at: number }) | undefined;
  #asking: Promise<IssuedToken> | undefined;

  constructor(ask: () => Promise<IssuedToken>) {
    this.#ask = ask;
  }

  async get(): Promise<string | undefined> {
    if (this.#issued && this.#issued.usableUntil > Date.now()) return this.#issued.token;
    this.#asking ??= this.#ask()
      .then(issued => (this.#issued = { ...issued, at: Date.now() }))
      .finally(() => (this.#asking = undefined));
    return (await this.#asking).token;
  }

  /** Call this if a host does not accept the token although it has not ended. */
  refuse(token: string): void {
    const issued = this.#issued;
    if (issued?.token === token && Math.abs(Date.now() - issued.at) >= refusedMs) this.#issued = undefined;
  }
}
