// The address that the HTTP server of this backend really listens on, reported by the server.
import { createServiceFactory, createServiceRef } from '@greenroom/backend-plugin-api';

/**
 * Holds the server's address once it is known.
 *
 * @public
 */
export class HttpServerAddress {
  #url: string | undefined;

  /** For example `http://localhost:49152`; undefined until the server listens. */
  get url(): string | undefined {
    return this.#url;
  }

  /** Called by the server when it listens. */
  report(url: string): void {
    this.#url = url;
  }
}

/**
 * The {@link HttpServerAddress} of the backend. An HTTP server reports to it, so that discovery knows the port even
 * if `backend.listen` leaves it open.
 *
 * @public
 */
export const httpServerAddressServiceRef = createServiceRef<HttpServerAddress>({
  id: 'greenroom.httpServerAddress',
  scope: 'root',
  defaultFactory: async service =>
    createServiceFactory({ service, deps: {}, factory: () => new HttpServerAddress() }),
});
