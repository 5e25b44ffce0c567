// The error handler of a backend, for testing a router alone.
import { MiddlewareFactory } from '@greenroom/backend-defaults/rootHttpRouter';
import type { ErrorRequestHandler } from 'express';
import { MockRootConfig } from './services/rootConfig';
import { rootLogger } from './services/rootLogger';

/**
 * Responds to errors like a backend, but logs nothing.
 *
 * @example
 * ```ts
 * const app = express().use(router).use(mockErrorHandler());
 * ```
 *
 * @public
 */
export function mockErrorHandler(_options: object = {}, ..._args: never[]): ErrorRequestHandler {
  return MiddlewareFactory.create({ config: new MockRootConfig(), logger: rootLogger() }).error();
}
