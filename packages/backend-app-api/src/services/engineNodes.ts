// The services that the engine itself provides: plugin and instance metadata, plugin status, and remarks on features.
import type { RootInstanceMetadataService, ServiceRef } from '@greenroom/backend-plugin-api';
import { coreServices, type InternalServiceFactory } from '@greenroom/backend-plugin-api/internal';
import { featureNotesServiceRef, pluginStatusServiceRef } from './engineServices';
import type { FeatureNotesService, PluginStatusService } from './engineServices';
import { toNode, type ServiceNode, type Slots } from './ServiceNode';

/** The metadata of a backend. Its id is generated on demand, because Node loads a module for that. */
export function instanceMetadata(
  getInstalledPlugins: RootInstanceMetadataService['getInstalledPlugins'],
  id?: string,
): RootInstanceMetadataService {
  return { getId: () => (id ??= globalThis.crypto.randomUUID()), getInstalledPlugins };
}

/** Nodes for the graph; their factories can't be replaced. */
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
