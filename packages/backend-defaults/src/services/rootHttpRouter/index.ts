// The subpath ./rootHttpRouter.
export { createHealthRouter } from './createHealthRouter';
export { createHttpServer, type CreateHttpServerDeps, type ExtendedHttpServer } from './createHttpServer';
export {
  readHttpServerOptions,
  type GeneratedCertificateOptions,
  type HttpServerCertificateOptions,
  type HttpServerLimits,
  type HttpServerOptions,
} from './config';
export { DefaultRootHttpRouter, type DefaultRootHttpRouterOptions } from './DefaultRootHttpRouter';
export { rootHttpRouterServiceFactory, type RootHttpRouterFactoryOptions } from './factory';
export {
  CertificateMakerMissingError,
  DrainTimeoutError,
  ListenFailedError,
  PortInUseError,
} from './httpServerErrors';
export type { MiddlewareFactoryErrorOptions } from './middleware/error';
export { MiddlewareFactory, type MiddlewareFactoryOptions } from './MiddlewareFactory';
export { type UpgradableHandler, type UpgradeListener } from './upgrades/UpgradeRoutes';
export { RateLimitExceededError, RateLimitStoreMissingError } from './rateLimit/rateLimitErrors';
export { readCorsOptions } from './readCorsOptions';
export { readHelmetOptions } from './readHelmetOptions';
export {
  RootHttpServer,
  type RootHttpRouterConfigureContext,
  type RootHttpServerOptions,
} from './RootHttpServer';
