// The mock services, by the names of the core services.
import { auditor } from './auditor';
import { cache, urlReader } from './cache';
import { auth, httpAuth, userInfo } from './credentials';
import { database } from './database';
import { discovery } from './discovery';
import { events } from './events';
import { httpRouter, lifecycle, rootHealth, rootHttpRouter, rootLifecycle } from './http';
import { rootInstanceMetadata, rootSystemMetadata } from './metadata';
import { permissions, permissionsRegistry } from './permissions';
import { rootConfig, type MockRootConfigOptions } from './rootConfig';
import { logger, rootLogger, type MockRootLoggerOptions } from './rootLogger';
import { scheduler } from './scheduler';

/**
 * Core services for tests, each in up to three forms.
 *
 * - `mockServices.auth()`: an implementation made for tests, with options.
 * - `mockServices.auth.factory()`: a factory for that implementation, or the default factory of services that have
 *   none, of `discovery`, `events` and `rootSystemMetadata`, and without options of `database` and `permissions`.
 * - `mockServices.auth.mock({ authenticate })`: every method is a `jest.fn()`, or the given implementation with its
 *   calls recorded. Its `factory` adds the mock to a backend.
 *
 * @example
 * ```ts
 * const { server } = await startTestBackend({
 *   features: [thingsPlugin, mockServices.rootConfig.factory({ data: { things: { limit: 3 } } })],
 * });
 * ```
 *
 * @public
 */
export const mockServices = {
  auditor,
  auth,
  cache,
  database,
  discovery,
  events,
  httpAuth,
  httpRouter,
  lifecycle,
  logger,
  permissions,
  permissionsRegistry,
  rootConfig,
  rootHealth,
  rootHttpRouter,
  rootInstanceMetadata,
  rootLifecycle,
  rootLogger,
  rootSystemMetadata,
  scheduler,
  urlReader,
  userInfo,
};

/**
 * Types of {@link (mockServices:variable)}, by the name of the service.
 *
 * @public
 */
export declare namespace mockServices {
  namespace rootConfig {
    type Options = MockRootConfigOptions;
  }
  namespace rootLogger {
    type Options = MockRootLoggerOptions;
  }
}
