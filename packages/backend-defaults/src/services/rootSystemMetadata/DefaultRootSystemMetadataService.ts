// Knows the plugins of this backend and those that the configuration places elsewhere.
import type {
  RootConfigService,
  RootInstanceMetadataService,
  RootSystemMetadataService,
  RootSystemMetadataServicePluginInfo,
} from '@greenroom/backend-plugin-api';
import { readDiscoveryEndpoints } from '../discovery/config';

/**
 * What the system consists of, as far as the configuration tells.
 *
 * @public
 */
export class DefaultRootSystemMetadataService implements RootSystemMetadataService {
  readonly #config: RootConfigService;
  readonly #instanceMetadata: RootInstanceMetadataService;

  static create(options: {
    config: RootConfigService;
    instanceMetadata: RootInstanceMetadataService;
  }): DefaultRootSystemMetadataService {
    return new DefaultRootSystemMetadataService(options.config, options.instanceMetadata);
  }

  private constructor(config: RootConfigService, instanceMetadata: RootInstanceMetadataService) {
    this.#config = config;
    this.#instanceMetadata = instanceMetadata;
  }

  /** Plugins of this backend come first. Read again on each call. Rejects with `InvalidConfigValueError`. */
  async getInstalledPlugins(): Promise<ReadonlyArray<RootSystemMetadataServicePluginInfo>> {
    const installed = await this.#instanceMetadata.getInstalledPlugins();
    const elsewhere = readDiscoveryEndpoints(this.#config).flatMap(({ plugins }) => plugins);
    const ids = new Set([...installed.map(({ pluginId }) => pluginId), ...elsewhere]);
    // `*` stands for all plugins that no endpoint names.
    ids.delete('*');
    return [...ids].map(pluginId => ({ pluginId }));
  }
}
