// The permissions of the catalog, the same that policies written for Backstage's catalog know.
import type { BasicPermission, ResourcePermission } from '@backstage/plugin-permission-common';

type Action = 'create' | 'read' | 'update' | 'delete';

const basic = (name: string, action?: Action): BasicPermission => ({
  type: 'basic',
  name,
  attributes: action ? { action } : {},
});

const onEntity = (name: string, action: Action): ResourcePermission<'catalog-entity'> => ({
  type: 'resource',
  name,
  attributes: { action },
  resourceType: 'catalog-entity',
});

export const catalogEntityReadPermission = onEntity('catalog.entity.read', 'read');
export const catalogEntityCreatePermission = basic('catalog.entity.create', 'create');
export const catalogEntityDeletePermission = onEntity('catalog.entity.delete', 'delete');
export const catalogEntityRefreshPermission = onEntity('catalog.entity.refresh', 'update');
export const catalogEntityValidatePermission = basic('catalog.entity.validate');
export const catalogLocationReadPermission = basic('catalog.location.read', 'read');
export const catalogLocationCreatePermission = basic('catalog.location.create', 'create');
export const catalogLocationDeletePermission = basic('catalog.location.delete', 'delete');
export const catalogLocationAnalyzePermission = basic('catalog.location.analyze');
export const catalogIngestionReadPermission = basic('catalog.ingestion.read', 'read');
export const catalogIngestionManagePermission = basic('catalog.ingestion.manage', 'update');

export const catalogPermissions = [
  catalogEntityReadPermission,
  catalogEntityCreatePermission,
  catalogEntityDeletePermission,
  catalogEntityRefreshPermission,
  catalogEntityValidatePermission,
  catalogLocationReadPermission,
  catalogLocationCreatePermission,
  catalogLocationDeletePermission,
  catalogLocationAnalyzePermission,
  catalogIngestionReadPermission,
  catalogIngestionManagePermission,
];
