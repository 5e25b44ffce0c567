// The permission resource type of entities.
import type { Entity } from '@backstage/catalog-model';
import type { PermissionResourceRef } from '@greenroom/backend-plugin-api';
import type { EntitiesSearchFilter } from '../EntitiesSearchFilter';

/**
 * The resource type of entities; with `permissionsRegistry.addPermissionRules` modules add rules for it.
 *
 * @alpha
 */
export const catalogEntityPermissionResourceRef = {
  $$type: '@backstage/PermissionResourceRef',
  pluginId: 'catalog',
  resourceType: 'catalog-entity',
} as PermissionResourceRef<Entity, EntitiesSearchFilter, 'catalog-entity', 'catalog'>;
