// Makes the request and response classes of the server, which are express's from birth.
import { IncomingMessage, ServerResponse } from 'node:http';
import type { Express, Request, Response } from 'express';
import { requestIdKey } from './requestId';

/**
 * Request and response classes that inherit the express prototypes of `app`, so that nothing has to change the prototype of
 * a request while it is handled, which would make every later property access slow. `app` gets them as its own
 * prototypes, so that it can handle such requests as well.
 */
export function createRequestClasses(app: Express): {
  IncomingMessage: typeof IncomingMessage;
  ServerResponse: typeof ServerResponse;
} {
  // The fields that express and its routers set are there from the start, so that all requests share one hidden class.
  class HttpRequest extends IncomingMessage {
    res: Response | undefined = undefined;
    next: unknown = undefined;
    baseUrl = '';
    originalUrl = '';
    params: Record<string, string> = {};
    query: Request['query'] | undefined = undefined;
    [requestIdKey]: string | undefined = undefined;
  }

  class HttpResponse<TRequest extends IncomingMessage = IncomingMessage> extends ServerResponse<TRequest> {
    locals: Record<string, unknown> = Object.create(null);
  }

  Object.setPrototypeOf(HttpRequest.prototype, app.request);
  Object.setPrototypeOf(HttpResponse.prototype, app.response);
  app.request = HttpRequest.prototype as unknown as Request;
  app.response = HttpResponse.prototype as unknown as Response;
  return {
    IncomingMessage: HttpRequest,
    ServerResponse: HttpResponse as unknown as typeof ServerResponse,
  };
}
