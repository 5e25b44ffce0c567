// mockServices.rootConfig: configuration from data that a test can change.
import { ConfigReader, type Config } from '@backstage/config';
import type { JsonObject } from '@backstage/types';
import { LiveConfig } from '@greenroom/backend-defaults/rootConfig';
import { coreServices, createServiceFactory, type RootConfigService } from '@greenroom/backend-plugin-api';
import { mockOf } from './simpleMock';

/**
 * Options of `mockServices.rootConfig`.
 *
 * @public
 */
export interface MockRootConfigOptions {
  /** The content of the configuration; empty by default. */
  data?: JsonObject;
}

/**
 * Configuration for tests.
 *
 * @public
 */
export class MockRootConfig extends LiveConfig {
  protected reader: Config;

  constructor(options?: MockRootConfigOptions) {
    super();
    this.reader = new ConfigReader(options?.data ?? {}, 'mock-config');
  }

  /** Replaces all data, then notifies subscribers. Throws what one of them throws, once all have been notified. */
  update({ data }: { data: JsonObject }): void {
    this.reader = new ConfigReader(data, 'mock-config');
    const errors = this.notify();
    if (errors.length > 1)
      throw new AggregateError(errors, 'Several subscribers of the configuration failed');
    if (errors.length > 0) throw errors[0];
  }
}

/** See {@link mockServices}. */
export const rootConfig = Object.assign((options?: MockRootConfigOptions) => new MockRootConfig(options), {
  factory: (options?: MockRootConfigOptions) =>
    createServiceFactory({
      service: coreServices.rootConfig,
      deps: {},
      factory: () => new MockRootConfig(options),
    }),
  mock: mockOf<RootConfigService>(coreServices.rootConfig, [
    'subscribe',
    'has',
    'keys',
    'get',
    'getOptional',
    'getConfig',
    'getOptionalConfig',
    'getConfigArray',
    'getOptionalConfigArray',
    'getNumber',
    'getOptionalNumber',
    'getBoolean',
    'getOptionalBoolean',
    'getString',
    'getOptionalString',
    'getStringArray',
    'getOptionalStringArray',
  ]),
});
