// The kinds that the catalog knows by itself.
import {
  apiEntityV1alpha1Validator,
  componentEntityV1alpha1Validator,
  domainEntityV1alpha1Validator,
  groupEntityV1alpha1Validator,
  type KindValidator,
  locationEntityV1alpha1Validator,
  resourceEntityV1alpha1Validator,
  systemEntityV1alpha1Validator,
  userEntityV1alpha1Validator,
} from '@backstage/catalog-model';
import type { EntityKindDefinition } from '@greenroom/plugin-catalog-node';
import { builtInRelations } from '../processors/builtInRelations';

function coreKind(kind: string, validator: KindValidator): EntityKindDefinition {
  const apiVersions = ['backstage.io/v1alpha1', 'backstage.io/v1beta1'];
  return { kind, apiVersions, validator, relations: builtInRelations[kind] ?? [] };
}

/** The kinds of Backstage's descriptor format. */
export const builtInKinds: readonly EntityKindDefinition[] = [
  coreKind('API', apiEntityV1alpha1Validator),
  coreKind('Component', componentEntityV1alpha1Validator),
  coreKind('Domain', domainEntityV1alpha1Validator),
  coreKind('Group', groupEntityV1alpha1Validator),
  coreKind('Location', locationEntityV1alpha1Validator),
  coreKind('Resource', resourceEntityV1alpha1Validator),
  coreKind('System', systemEntityV1alpha1Validator),
  coreKind('User', userEntityV1alpha1Validator),
];
