// The service factory of the root configuration.
import { coreServices, createServiceFactory } from '@greenroom/backend-plugin-api';
import type { PackageConfigSchema } from './schemas/PackageConfigSchema';

/**
 * Options of {@link rootConfigServiceFactory}.
 *
 * @public
 */
export interface RootConfigFactoryOptions {
  /** Arguments to read `--config` from, instead of those of the process. */
  argv?: string[];
  /** Whether changed files are loaded while the backend runs; default true. */
  watch?: boolean;
  /** What the configuration must be like; default: the schemas of all installed packages. An empty list checks nothing. */
  schemas?: readonly PackageConfigSchema[];
}

const create = (options: RootConfigFactoryOptions = {}) =>
  createServiceFactory({
    service: coreServices.rootConfig,
    deps: {},
    async factory() {
      const [{ loadConfig }, { ReloadableConfig }, { gatherSchemas }] = await Promise.all([
        import('./loadConfig'),
        import('./ReloadableConfig'),
        import('./schemas/gatherSchemas'),
      ]);
      const schemas = options.schemas ?? (await gatherSchemas()).schemas;
      const origin = { argv: options.argv, cwd: process.cwd(), schemas };
      return new ReloadableConfig(await loadConfig(origin), options.watch === false ? undefined : origin);
    },
  });

/**
 * The default `coreServices.rootConfig`: files and `APP_CONFIG_` variables, checked against the schemas of all packages.
 *
 * Used as it is or called with options. Reloading takes {@link rootConfigWatcherServiceFactory} as well.
 *
 * @throws ConfigLoadError at start, with every problem of every file.
 * @public
 */
export const rootConfigServiceFactory = Object.assign(create, create());
