// The default factory of coreServices.rootConfig.
import { coreServices, createServiceFactory } from '@greenroom/backend-plugin-api';
import type { PackageConfigSchema } from './schemas/PackageConfigSchema';

/**
 * Options of {@link rootConfigServiceFactory}.
 *
 * @public
 */
export interface RootConfigFactoryOptions {
  /** Arguments to read `--config` from; default: those of the process. */
  argv?: string[];
  /** Whether changed files are reloaded while the backend runs; default true. */
  watch?: boolean;
  /** Schemas to check the configuration against; default: those of all installed packages. An empty list disables the check. */
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
      const cwd = await workingDirectory();
      const schemas = options.schemas ?? (await gatherSchemas()).schemas;
      const origin = { argv: options.argv, cwd, schemas };
      return new ReloadableConfig(await loadConfig(origin), options.watch === false ? undefined : origin);
    },
  });

/** Throws `ConfigLoadError` if there is none any more, as where a deployment has removed the folder of an older release. */
async function workingDirectory(): Promise<string> {
  try {
    return process.cwd();
  } catch {
    const { ConfigLoadError } = await import('./ConfigLoadError');
    const message = 'The working directory of the process was removed: start it in one that exists.';
    throw new ConfigLoadError([{ message }], '/');
  }
}

/**
 * The default `coreServices.rootConfig`: files and `APP_CONFIG_` variables, checked against the schemas of all packages.
 *
 * Can be used as it is or called with options. Reloading also needs {@link rootConfigWatcherServiceFactory}.
 *
 * @throws ConfigLoadError at start, with every problem of every file.
 * @public
 */
export const rootConfigServiceFactory = Object.assign(create, create());
