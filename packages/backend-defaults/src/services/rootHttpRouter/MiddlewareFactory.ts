// Creates the standard middleware of the root HTTP router, each from the configuration that it needs.
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
import { readRateLimits, type RateLimitsSettings } from './rateLimit/rateLimitConfig';
import { readCorsOptions } from './readCorsOptions';
import { readHelmetOptions } from './readHelmetOptions';

/**
 * Options of {@link MiddlewareFactory}.
 *
 * @public
 */
export interface MiddlewareFactoryOptions {
  config: RootConfigService;
  logger: LoggerService;
}

/**
 * Creates the standard middleware.
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

  /** Writes one log line per request, and sets the `X-Request-Id` header of its response. */
  logging(): RequestHandler {
    return createLoggingMiddleware(this.#logger);
  }

  /** Sets security headers, with the policy of `backend.csp`. */
  helmet(): RequestHandler {
    return createSecurityHeadersMiddleware(readHelmetOptions(this.#config));
  }

  /** Allows access from other origins, as configured in `backend.cors`. */
  cors(): RequestHandler {
    return cors(readCorsOptions(this.#config));
  }

  /** Compresses responses of 1 kB and more for clients that accept it. */
  compression(): RequestHandler {
    return createCompressionMiddleware();
  }

  /** Whether `backend.rateLimit` limits anything. */
  get limitsRate(): boolean {
    return this.#rateLimits !== undefined;
  }

  /** Responds 429 to clients that make more requests than `backend.rateLimit` allows. If it is not set, all requests pass. */
  rateLimit(): RequestHandler {
    if (!this.#rateLimits) {
      return (_req, _res, next) => next();
    }
    this.#rateLimit ??= createRateLimitMiddleware(this.#rateLimits, this.#logger);
    let limit: RequestHandler | undefined;
    const loading = this.#rateLimit.then(({ handler }) => (limit = handler));
    // Reported by `ready`, and to each request.
    loading.catch(() => {});
    return (req, res, next) =>
      limit ? limit(req, res, next) : loading.then(handler => handler(req, res, next), next);
  }

  /** Resolves when all middleware created so far is ready for use. Rejects with `RateLimitStoreMissingError`. */
  async ready(): Promise<void> {
    await this.#rateLimit;
  }

  /** Closes what the middleware keeps open. */
  async close(): Promise<void> {
    await (await this.#rateLimit)?.close();
  }

  /** Responds 404 to every request. */
  notFound(): RequestHandler {
    return createNotFoundMiddleware();
  }

  /** Answers every error. Must come last. */
  error(options?: MiddlewareFactoryErrorOptions): ErrorRequestHandler {
    return createErrorMiddleware(this.#logger, options);
  }
}
