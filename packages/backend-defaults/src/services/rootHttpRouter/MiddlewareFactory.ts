// Makes the standard middleware of the root HTTP router, each from the configuration it needs.
import type { Config } from '@backstage/config';
import type { LoggerService, RootConfigService } from '@greenroom/backend-plugin-api';
import cors from 'cors';
import type { ErrorRequestHandler, RequestHandler } from 'express';
import { createCompressionMiddleware } from './middleware/compression';
import { createErrorMiddleware, type MiddlewareFactoryErrorOptions } from './middleware/error';
import { createLoggingMiddleware } from './middleware/logging';
import { createNotFoundMiddleware } from './middleware/notFound';
import { createRateLimitMiddleware, type RateLimitMiddleware } from './middleware/rateLimit';
import { createSecurityHeadersMiddleware } from './middleware/securityHeaders';
import { readRateLimits, type RateLimitsSettings } from './rateLimitConfig';
import { readCorsOptions } from './readCorsOptions';
import { readHelmetOptions } from './readHelmetOptions';

/**
 * What a {@link MiddlewareFactory} works with.
 *
 * @public
 */
export interface MiddlewareFactoryOptions {
  config: RootConfigService;
  logger: LoggerService;
}

/**
 * Makes the standard middleware.
 *
 * @public
 */
export class MiddlewareFactory {
  readonly #config: Config | undefined;
  readonly #logger: LoggerService;
  readonly #rateLimits: RateLimitsSettings | undefined;
  #rateLimit: Promise<RateLimitMiddleware> | undefined;

  static create(options: MiddlewareFactoryOptions): MiddlewareFactory {
    return new MiddlewareFactory(options);
  }

  private constructor(options: MiddlewareFactoryOptions) {
    this.#config = options.config.getOptionalConfig('backend');
    this.#logger = options.logger;
    this.#rateLimits = readRateLimits(options.config);
  }

  /** One log line a request, and the `X-Request-Id` header on its answer. */
  logging(): RequestHandler {
    return createLoggingMiddleware(this.#logger);
  }

  /** Security headers, with the policy of `backend.csp`. */
  helmet(): RequestHandler {
    return createSecurityHeadersMiddleware(readHelmetOptions(this.#config));
  }

  /** Access from other origins, as `backend.cors` allows it. */
  cors(): RequestHandler {
    return cors(readCorsOptions(this.#config));
  }

  /** Compresses answers of 1 kB and more for clients that accept it. */
  compression(): RequestHandler {
    return createCompressionMiddleware();
  }

  /** Whether `backend.rateLimit` limits anything. */
  get limitsRate(): boolean {
    return this.#rateLimits !== undefined;
  }

  /** Answers 429 to who makes more requests than `backend.rateLimit` allows; without that, it lets all pass. */
  rateLimit(): RequestHandler {
    if (!this.#rateLimits) {
      return (_req, _res, next) => next();
    }
    this.#rateLimit ??= createRateLimitMiddleware(this.#rateLimits, this.#logger);
    let limit: RequestHandler | undefined;
    const loading = this.#rateLimit.then(({ handler }) => (limit = handler));
    // It is told by `ready`, and to each request.
    loading.catch(() => {});
    return (req, res, next) =>
      limit ? limit(req, res, next) : loading.then(handler => handler(req, res, next), next);
  }

  /** Resolves when all that was made can be used. Rejects with `RateLimitStoreMissingError`. */
  async ready(): Promise<void> {
    await this.#rateLimit;
  }

  /** Ends what the middleware holds open. */
  async close(): Promise<void> {
    await (await this.#rateLimit)?.close();
  }

  /** Answers 404 to every request it gets. */
  notFound(): RequestHandler {
    return createNotFoundMiddleware();
  }

  /** Answers every error; belongs at the end. */
  error(options?: MiddlewareFactoryErrorOptions): ErrorRequestHandler {
    return createErrorMiddleware(this.#logger, options);
  }
}
