// The services that the engine itself provides: who a plugin is, what is installed, how each plugin does, and who takes notes on features.
import type {
  PluginMetadataService,
  RootInstanceMetadataService,
  ServiceRef,
} from '@greenroom/backend-plugin-api';
import { coreServices } from '@greenroom/backend-plugin-api/internal';
import {
  featureNotesServiceRef,
  pluginStatusServiceRef,
  type FeatureNotesService,
  type PluginStatusService,
} from './engineServices';
import { toNode, type ServiceNode, type Slots } from './ServiceNode';

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
  notes: FeatureNotesService,
): ServiceNode[] {
  const metadata: RootInstanceMetadataService = { getInstalledPlugins: async () => installed() };
  return [
    engineNode(slots, coreServices.pluginMetadata, owner => new PluginMetadata(owner)),
    engineNode(slots, coreServices.rootInstanceMetadata, () => metadata),
    engineNode(slots, pluginStatusServiceRef, () => statuses),
    engineNode(slots, featureNotesServiceRef, () => notes),
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

function engineNode<T>(slots: Slots, service: ServiceRef<T>, provide: (owner: string) => T): ServiceNode {
  const factory = {
    $$type: '@backstage/BackendFeature' as const,
    version: 'v1' as const,
    featureType: 'service' as const,
    initialization: 'lazy' as const,
    service,
    deps: {},
    factory: () => undefined,
  };
  return { ...toNode({ factory, origin: 'engine', source: 'the engine' }, slots), provide };
}
