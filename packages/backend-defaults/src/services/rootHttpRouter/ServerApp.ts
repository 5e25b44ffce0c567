// The express application of the server, and request and response classes that inherit from express once it exists.
import type { Express, Request, Response } from 'express';
import { hash } from 'node:crypto';
import { IncomingMessage, ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { knownCredentialsKey, type KnownCredentials } from '../httpAuth/knownCredentials';
import { loadExpress } from './loadExpress';
import { requestIdKey } from './requestId';
import { createJson } from './sendJson';

/**
 * Express keeps its settings and the methods of requests and responses on an application, even if that handles no
 * requests. This one is created when it is first needed.
 */
export class ServerApp {
  /**
   * Classes that inherit the prototypes of the application as soon as it exists. That way nothing has to change the
   * prototype of a request while it is handled, which would slow down every later property access.
   */
  readonly classes: { IncomingMessage: typeof IncomingMessage; ServerResponse: typeof ServerResponse };
  readonly #trustProxy: unknown;
  #express: Express | undefined;

  constructor(options: { trustProxy: unknown }) {
    this.#trustProxy = options.trustProxy;
    this.classes = createClasses();
  }

  /** The application. The prototypes of the classes are also its own, so that it can handle such requests too. */
  get express(): Express {
    return (this.#express ??= this.#make());
  }

  /** Creates the application; without it, requests and responses lack the methods of express. */
  makeReady(): void {
    void this.express;
  }

  /** The query of `url`, parsed by the `query parser` of the application. */
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

/** The parser reads at most this many parameters anyway. */
const longestList = 1_000;

/**
 * Nested and repeated parameters are read like in express 4, which most plugins were written for. The parser of
 * express 5 makes an object of more than twenty parameters with the same name.
 */
function loadQueryParser(): (text: string) => Request['query'] {
  const { parse } = createRequire(__filename)('qs') as {
    parse(text: string, options: object): Request['query'];
  };
  return text => parse(text, { allowPrototypes: true, arrayLimit: longestList });
}

function createClasses(): ServerApp['classes'] {
  // Initialises the fields that express and its routers set, so that all requests share one hidden class.
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

/** Like express's own weak etag, but with a hash that takes one call and does not convert text to bytes first. */
function weakEtag(body: Buffer | string, encoding: BufferEncoding = 'utf8'): string {
  const data = typeof body === 'string' && encoding !== 'utf8' ? Buffer.from(body, encoding) : body;
  return `W/"${Buffer.byteLength(data).toString(16)}-${hash('sha1', data, 'base64').slice(0, 27)}"`;
}
