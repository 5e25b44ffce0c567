// mockServices for routers, health and lifecycle, with the default factories.
import { httpRouterServiceFactory } from '@greenroom/backend-defaults/httpRouter';
import { lifecycleServiceFactory } from '@greenroom/backend-defaults/lifecycle';
import { rootHealthServiceFactory } from '@greenroom/backend-defaults/rootHealth';
import { rootHttpRouterServiceFactory } from '@greenroom/backend-defaults/rootHttpRouter';
import { rootLifecycleServiceFactory } from '@greenroom/backend-defaults/rootLifecycle';
import { coreServices } from '@greenroom/backend-plugin-api';
import { simpleMock } from './simpleMock';

/** See {@link mockServices}. */
export const rootHttpRouter = simpleMock(coreServices.rootHttpRouter, rootHttpRouterServiceFactory, [
  'use',
  'addWebSocketHandler',
]);

/** See {@link mockServices}. */
export const httpRouter = simpleMock(coreServices.httpRouter, httpRouterServiceFactory, [
  'use',
  'addWebSocketHandler',
  'addAuthPolicy',
]);

/** See {@link mockServices}. */
export const rootHealth = simpleMock(coreServices.rootHealth, rootHealthServiceFactory, [
  'getLiveness',
  'getReadiness',
]);

/** See {@link mockServices}. */
export const rootLifecycle = simpleMock(coreServices.rootLifecycle, rootLifecycleServiceFactory, [
  'addStartupHook',
  'addBeforeShutdownHook',
  'addShutdownHook',
]);

/** See {@link mockServices}. */
export const lifecycle = simpleMock(coreServices.lifecycle, lifecycleServiceFactory, [
  'addStartupHook',
  'addShutdownHook',
]);
