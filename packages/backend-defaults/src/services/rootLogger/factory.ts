// The default factory of coreServices.rootLogger.
import { coreServices, createServiceFactory } from '@greenroom/backend-plugin-api';
import { followSecrets } from './followSecrets';
import type { RootLoggerOptions } from './RootLogger';

/**
 * Options of {@link rootLoggerServiceFactory}: where entries go and how they look. The configuration still decides
 * which entries are written and which secrets are masked.
 *
 * @public
 */
export type RootLoggerFactoryOptions = Pick<RootLoggerOptions, 'destination' | 'format' | 'color'>;

const create = (options: RootLoggerFactoryOptions = {}) =>
  createServiceFactory({
    service: coreServices.rootLogger,
    deps: { config: coreServices.rootConfig },
    async factory({ config }) {
      const [{ RootLogger }, { readLoggerConfig }] = await Promise.all([
        import('./RootLogger'),
        import('./config'),
      ]);
      const logger = RootLogger.create({ ...options, ...readLoggerConfig(config) });
      followSecrets(config, secrets => logger.addRedactions(secrets));
      config.subscribe?.(() => {
        try {
          const { level, overrides } = readLoggerConfig(config);
          logger.setLevel(level, overrides);
        } catch (error) {
          logger.error('The options of the logger stay as they were', error as Error);
        }
      });
      return logger;
    },
  });

/**
 * The default `coreServices.rootLogger`: a {@link RootLogger} set up from `backend.logger` and `LOG_LEVEL`.
 *
 * Masks the secrets of the configuration, and follows changes of levels, overrides and secrets. Can be used as it is,
 * or called with a destination of your own, which then receives what this logger would have written.
 *
 * @example
 * ```ts
 * backend.add(rootLoggerServiceFactory({ format: 'json', destination: { write: line => ship(JSON.parse(line)) } }));
 * ```
 *
 * @throws LoggerOptionsError at start, for an unknown level or a matcher that does not compile.
 * @public
 */
export const rootLoggerServiceFactory = Object.assign(create, create());
