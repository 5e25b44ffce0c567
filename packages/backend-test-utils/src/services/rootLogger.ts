// mockServices.rootLogger and mockServices.logger, which are silent unless a level is given.
import { loggerServiceFactory } from '@greenroom/backend-defaults/logger';
import { RootLogger } from '@greenroom/backend-defaults/rootLogger';
import {
  coreServices,
  createServiceFactory,
  type LoggerService,
  type RootLoggerService,
} from '@greenroom/backend-plugin-api';
import { mockOf, simpleMock } from './simpleMock';

/**
 * Options of `mockServices.rootLogger`.
 *
 * @public
 */
export interface MockRootLoggerOptions {
  /** The lowest level that is logged. Defaults to `none`. */
  level?: 'none' | 'error' | 'warn' | 'info' | 'debug';
}

const methods = ['error', 'warn', 'info', 'debug', 'child'] as const satisfies ReadonlyArray<
  keyof LoggerService
>;

/** Discards everything. */
const silent: RootLoggerService = {
  error() {},
  warn() {},
  info() {},
  debug() {},
  child: () => silent,
};

function rootLoggerOf({ level = 'none' }: MockRootLoggerOptions = {}): RootLoggerService {
  return level === 'none' ? silent : RootLogger.create({ level, format: 'pretty', meta: {} });
}

/** See {@link mockServices}. */
export const rootLogger = Object.assign(rootLoggerOf, {
  factory: (options?: MockRootLoggerOptions) =>
    createServiceFactory({
      service: coreServices.rootLogger,
      deps: {},
      factory: () => rootLoggerOf(options),
    }),
  mock: mockOf<RootLoggerService>(coreServices.rootLogger, methods, () => selfChild()),
});

/** See {@link mockServices}. */
export const logger = {
  ...simpleMock(coreServices.logger, loggerServiceFactory, methods),
  mock: mockOf<LoggerService>(coreServices.logger, methods, () => selfChild()),
};

/** Code under test logs to child loggers, and would fail if the mock's `child` returned nothing. */
function selfChild(): Pick<LoggerService, 'child'> {
  return {
    child: jest.fn(function child(this: LoggerService) {
      return this;
    }),
  };
}
