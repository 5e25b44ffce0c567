// The services that the engine itself provides: who a plugin is, what is installed, how each plugin does.
import type {
  PluginMetadataService,
  RootInstanceMetadataService,
  ServiceRef,
} from '@greenroom/backend-plugin-api';
import { coreServices } from '@greenroom/backend-plugin-api/internal';
import { pluginStatusServiceRef, type PluginStatusService } from './engineServices';
import type { ServiceNode, Slots } from './serviceGraph';

/** What is installed, as far as it is known: nothing before the backend is planned. */
export type InstalledPlugins = () => ReadonlyArray<{
  pluginId: string;
  modules: ReadonlyArray<{ moduleId: string }>;
}>;

/** Nodes for the graph; nobody can replace them. */
export function engineNodes(
  slots: Slots,
  installed: InstalledPlugins,
  statuses: PluginStatusService,
): ServiceNode[] {
  const engineNode = <T>(service: ServiceRef<T>, provide: (owner: string) => T) =>
    toNode(slots, service, provide);
  const metadata: RootInstanceMetadataService = { getInstalledPlugins: async () => installed() };
  return [
    engineNode(coreServices.pluginMetadata, owner => new PluginMetadata(owner)),
    engineNode(coreServices.rootInstanceMetadata, () => metadata),
    engineNode(pluginStatusServiceRef, () => statuses),
  ];
}

class PluginMetadata implements PluginMetadataService {
  readonly #id: string;

  constructor(id: string) {
    this.#id = id;
  }

  getId(): string {
    return this.#id;
  }
}

function toNode<T>(slots: Slots, service: ServiceRef<T>, provide: (owner: string) => T): ServiceNode {
  const factory = {
    $$type: '@backstage/BackendFeature' as const,
    version: 'v1' as const,
    featureType: 'service' as const,
    service,
    deps: {},
    factory: () => undefined,
  };
  const { id, scope } = service;
  return {
    id,
    slot: slots.of(factory),
    isMade: false,
    scope,
    origin: 'engine',
    source: 'the engine',
    factory,
    eager: false,
    deps: [],
    rootDeps: [],
    provide,
  };
}
