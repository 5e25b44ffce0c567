// The express application behind the server, and the request and response classes that are express's once it is there.
import type { Express, Request, Response } from 'express';
import { hash } from 'node:crypto';
import { IncomingMessage, ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { knownCredentialsKey, type KnownCredentials } from '../httpAuth/knownCredentials';
import { loadExpress } from './loadExpress';
import { requestIdKey } from './requestId';
import { createJson } from './sendJson';

/**
 * Express keeps settings, and the methods of requests and responses, on an application, whether that handles requests or
 * not. This one is made when it is first asked for.
 */
export class ServerApp {
  /**
   * Classes that inherit the prototypes of the application from its making on, so that nothing has to change the prototype of a
   * request while it is handled, which would make every later property access slow.
   */
  readonly classes: { IncomingMessage: typeof IncomingMessage; ServerResponse: typeof ServerResponse };
  readonly #trustProxy: unknown;
  #express: Express | undefined;

  constructor(options: { trustProxy: unknown }) {
    this.#trustProxy = options.trustProxy;
    this.classes = createClasses();
  }

  /** The application. It has the classes' prototypes as its own, so that it can handle such requests as well. */
  get express(): Express {
    return (this.#express ??= this.#make());
  }

  /** Makes the application, without which requests and responses lack the methods of express's. */
  makeReady(): void {
    void this.express;
  }

  /** The query of `url`, by the `query parser` of the application. */
  readQuery(url: string): Request['query'] {
    const start = url.indexOf('?');
    const parse = start !== -1 && this.express.get('query parser fn');
    return parse ? parse(url.slice(start + 1)) : {};
  }

  #make(): Express {
    const app = loadExpress()();
    app.disable('x-powered-by');
    app.set('trust proxy', this.#trustProxy);
    app.set('query parser', loadQueryParser());
    app.set('etag', weakEtag);
    const { IncomingMessage: HttpRequest, ServerResponse: HttpResponse } = this.classes;
    const json = createJson(app.response, weakEtag);
    Object.setPrototypeOf(HttpRequest.prototype, app.request);
    Object.setPrototypeOf(HttpResponse.prototype, app.response);
    app.request = HttpRequest.prototype as unknown as Request;
    app.response = Object.assign(HttpResponse.prototype as unknown as Response, { json });
    return app;
  }
}

/** As many as there can be at all. */
const longestList = 1_000;

/**
 * Nested and repeated parameters, as express 4 reads them, for which most plugins were written. The parser of
 * express 5 makes an object of more than twenty parameters of one name.
 */
function loadQueryParser(): (text: string) => Request['query'] {
  const { parse } = createRequire(__filename)('qs') as {
    parse(text: string, options: object): Request['query'];
  };
  return text => parse(text, { allowPrototypes: true, arrayLimit: longestList });
}

function createClasses(): ServerApp['classes'] {
  // The fields that express and its routers set are there from the start, so that all requests share one hidden class.
  class HttpRequest extends IncomingMessage {
    res: Response | undefined = undefined;
    next: unknown = undefined;
    baseUrl = '';
    originalUrl = '';
    params: Record<string, string> = {};
    query: Request['query'] | undefined = undefined;
    [requestIdKey]: string | undefined = undefined;
    [knownCredentialsKey]: KnownCredentials | undefined = undefined;
  }

  class HttpResponse<TRequest extends IncomingMessage = IncomingMessage> extends ServerResponse<TRequest> {
    locals: Record<string, unknown> = Object.create(null);
  }

  return { IncomingMessage: HttpRequest, ServerResponse: HttpResponse as unknown as typeof ServerResponse };
}

/** As express's own weak etag, from a hash that is made in one call, of a text without making bytes of it first. */
function weakEtag(body: Buffer | string, encoding: BufferEncoding = 'utf8'): string {
  const data = typeof body === 'string' && encoding !== 'utf8' ? Buffer.from(body, encoding) : body;
  return `W/"${Buffer.byteLength(data).toString(16)}-${hash('sha1', data, 'base64').slice(0, 27)}"`;
}
