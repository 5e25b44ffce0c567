// The permission resource type of entities.
import type { Entity } from '@backstage/catalog-model';
import type { PermissionResourceRef } from '@greenroom/backend-plugin-api';
import type { EntitiesSearchFilter } from '../EntitiesSearchFilter';

/**
 * The resource type of entities. Modules add rules for it with `permissionsRegistry.addPermissionRules`.
 *
 * @alpha
 */
export const catalogEntityPermissionResourceRef = {
  $$type: '@backstage/PermissionResourceRef',
  pluginId: 'catalog',
  resourceType: 'catalog-entity',
} as PermissionResourceRef<Entity, EntitiesSearchFilter, 'catalog-entity', 'catalog'>;
