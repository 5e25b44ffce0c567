// The built-in kinds, which are those of Backstage's descriptor format, and their relation fields.
import {
  loadCatalogModel,
  RELATION_API_CONSUMED_BY,
  RELATION_API_PROVIDED_BY,
  RELATION_CHILD_OF,
  RELATION_CONSUMES_API,
  RELATION_DEPENDENCY_OF,
  RELATION_DEPENDS_ON,
  RELATION_HAS_MEMBER,
  RELATION_HAS_PART,
  RELATION_MEMBER_OF,
  RELATION_OWNED_BY,
  RELATION_OWNER_OF,
  RELATION_PARENT_OF,
  RELATION_PART_OF,
  RELATION_PROVIDES_API,
} from '@greenroom/plugin-catalog-node/internal';
import type { EntityKindDefinition, EntityRelationField } from '@greenroom/plugin-catalog-node';

const field = (name: string, type: string, inverse: string, defaultKind?: string): EntityRelationField => ({
  field: name,
  type,
  inverse,
  ...(defaultKind && { defaultKind }),
});

const owner = field('owner', RELATION_OWNED_BY, RELATION_OWNER_OF, 'Group');
const system = field('system', RELATION_PART_OF, RELATION_HAS_PART, 'System');
const dependencies = [
  field('dependsOn', RELATION_DEPENDS_ON, RELATION_DEPENDENCY_OF),
  field('dependencyOf', RELATION_DEPENDENCY_OF, RELATION_DEPENDS_ON),
];

type ValidatorName = Extract<keyof ReturnType<typeof loadCatalogModel>, `${string}EntityV1alpha1Validator`>;

function coreKind(
  kind: string,
  validator: ValidatorName,
  relations: readonly EntityRelationField[] = [],
): EntityKindDefinition {
  return {
    kind,
    apiVersions: ['backstage.io/v1alpha1', 'backstage.io/v1beta1'],
    validator: { check: entity => loadCatalogModel()[validator].check(entity) },
    relations,
  };
}

/** If a field has no default kind, its references must include the kind. */
export const builtInKinds: readonly EntityKindDefinition[] = [
  coreKind('API', 'apiEntityV1alpha1Validator', [owner, system]),
  coreKind('Component', 'componentEntityV1alpha1Validator', [
    owner,
    system,
    field('subcomponentOf', RELATION_PART_OF, RELATION_HAS_PART, 'Component'),
    field('providesApis', RELATION_PROVIDES_API, RELATION_API_PROVIDED_BY, 'API'),
    field('consumesApis', RELATION_CONSUMES_API, RELATION_API_CONSUMED_BY, 'API'),
    ...dependencies,
  ]),
  coreKind('Domain', 'domainEntityV1alpha1Validator', [
    owner,
    field('subdomainOf', RELATION_PART_OF, RELATION_HAS_PART, 'Domain'),
  ]),
  coreKind('Group', 'groupEntityV1alpha1Validator', [
    field('parent', RELATION_CHILD_OF, RELATION_PARENT_OF, 'Group'),
    field('children', RELATION_PARENT_OF, RELATION_CHILD_OF, 'Group'),
    field('members', RELATION_HAS_MEMBER, RELATION_MEMBER_OF, 'User'),
  ]),
  coreKind('Location', 'locationEntityV1alpha1Validator'),
  coreKind('Resource', 'resourceEntityV1alpha1Validator', [owner, system, ...dependencies]),
  coreKind('System', 'systemEntityV1alpha1Validator', [
    owner,
    field('domain', RELATION_PART_OF, RELATION_HAS_PART, 'Domain'),
  ]),
  coreKind('User', 'userEntityV1alpha1Validator', [
    field('memberOf', RELATION_MEMBER_OF, RELATION_HAS_MEMBER, 'Group'),
  ]),
];
