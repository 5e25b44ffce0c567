// Where the HTTP server of this backend really listens, told by the server to whom it concerns.
import { createServiceFactory, createServiceRef } from '@greenroom/backend-plugin-api';

/**
 * Holds the server's address once it is known.
 *
 * @public
 */
export class HttpServerAddress {
  #url: string | undefined;

  /** Such as `http://localhost:49152`; `undefined` until the server listens. */
  get url(): string | undefined {
    return this.#url;
  }

  /** Told by whatever listens, when it does. */
  report(url: string): void {
    this.#url = url;
  }
}

/**
 * The {@link HttpServerAddress} of the backend. An HTTP server reports to it, so that discovery knows the port where
 * `backend.listen` leaves it open.
 *
 * @public
 */
export const httpServerAddressServiceRef = createServiceRef<HttpServerAddress>({
  id: 'greenroom.httpServerAddress',
  scope: 'root',
  defaultFactory: async service =>
    createServiceFactory({ service, deps: {}, factory: () => new HttpServerAddress() }),
});
