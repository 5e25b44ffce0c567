// The services that the engine itself provides: who a plugin is, what is installed, how each plugin does, and who takes notes on features.
import type { RootInstanceMetadataService, ServiceRef } from '@greenroom/backend-plugin-api';
import { coreServices, type InternalServiceFactory } from '@greenroom/backend-plugin-api/internal';
import { featureNotesServiceRef, pluginStatusServiceRef } from './engineServices';
import type { FeatureNotesService, PluginStatusService } from './engineServices';
import { toNode, type ServiceNode, type Slots } from './ServiceNode';

/** What a backend tells of itself. Its id is made when somebody asks: what makes it is a module that Node loads for it. */
export function instanceMetadata(
  getInstalledPlugins: RootInstanceMetadataService['getInstalledPlugins'],
  id?: string,
): RootInstanceMetadataService {
  return { getId: () => (id ??= globalThis.crypto.randomUUID()), getInstalledPlugins };
}

/** Nodes for the graph; nobody can replace them. */
export function engineNodes(
  slots: Slots,
  metadata: RootInstanceMetadataService,
  statuses: PluginStatusService,
  notes: FeatureNotesService,
): ServiceNode[] {
  const node = <T>(service: ServiceRef<T>, provide: (owner: string) => T): ServiceNode => {
    const factory = { service, initialization: 'lazy', deps: {} } as unknown as InternalServiceFactory;
    return { ...toNode({ factory, origin: 'engine', source: 'the engine' }, slots), provide };
  };
  return [
    node(coreServices.pluginMetadata, owner => ({ getId: () => owner })),
    node(coreServices.rootInstanceMetadata, () => metadata),
    node(pluginStatusServiceRef, () => statuses),
    node(featureNotesServiceRef, () => notes),
  ];
}
