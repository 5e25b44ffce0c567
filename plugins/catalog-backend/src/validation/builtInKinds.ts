// The kinds that the catalog knows by itself.
import type { EntityKindDefinition } from '@greenroom/plugin-catalog-node';
import { loadCatalogModel } from '@greenroom/plugin-catalog-node/internal';
import { builtInRelations } from '../processors/builtInRelations';

type ValidatorName = Extract<keyof ReturnType<typeof loadCatalogModel>, `${string}EntityV1alpha1Validator`>;

function coreKind(kind: string, validator: ValidatorName): EntityKindDefinition {
  return {
    kind,
    apiVersions: ['backstage.io/v1alpha1', 'backstage.io/v1beta1'],
    validator: { check: entity => loadCatalogModel()[validator].check(entity) },
    relations: builtInRelations[kind] ?? [],
  };
}

/** The kinds of Backstage's descriptor format. */
export const builtInKinds: readonly EntityKindDefinition[] = [
  coreKind('API', 'apiEntityV1alpha1Validator'),
  coreKind('Component', 'componentEntityV1alpha1Validator'),
  coreKind('Domain', 'domainEntityV1alpha1Validator'),
  coreKind('Group', 'groupEntityV1alpha1Validator'),
  coreKind('Location', 'locationEntityV1alpha1Validator'),
  coreKind('Resource', 'resourceEntityV1alpha1Validator'),
  coreKind('System', 'systemEntityV1alpha1Validator'),
  coreKind('User', 'userEntityV1alpha1Validator'),
];
