// What actions need of the catalog; `catalogServiceRef` gives it.
import type { Entity } from '@backstage/catalog-model';
import type { BackstageCredentials } from '@greenroom/backend-plugin-api';

/** Part of the catalog's service. */
export interface ActionCatalog {
  getEntityByRef(
    entityRef: string,
    options: { credentials: BackstageCredentials },
  ): Promise<Entity | undefined>;
  getEntitiesByRefs(
    request: { entityRefs: string[] },
    options: { credentials: BackstageCredentials },
  ): Promise<{ items: Array<Entity | undefined> }>;
  addLocation(
    location: { type?: string; target: string; dryRun?: boolean },
    options: { credentials: BackstageCredentials },
  ): Promise<{ entities: Entity[]; location: { id: string; type: string; target: string } }>;
}
