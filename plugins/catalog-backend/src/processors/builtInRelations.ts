// Which fields of the built-in kinds are relations, and to what.
import {
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
import type { EntityRelationField } from '@greenroom/plugin-catalog-node';

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

/** By kind; fields are those of `spec`. A field without a default kind needs references with a kind. */
export const builtInRelations: Readonly<Record<string, readonly EntityRelationField[]>> = {
  API: [owner, system],
  Component: [
    owner,
    system,
    field('subcomponentOf', RELATION_PART_OF, RELATION_HAS_PART, 'Component'),
    field('providesApis', RELATION_PROVIDES_API, RELATION_API_PROVIDED_BY, 'API'),
    field('consumesApis', RELATION_CONSUMES_API, RELATION_API_CONSUMED_BY, 'API'),
    ...dependencies,
  ],
  Domain: [owner, field('subdomainOf', RELATION_PART_OF, RELATION_HAS_PART, 'Domain')],
  Group: [
    field('parent', RELATION_CHILD_OF, RELATION_PARENT_OF, 'Group'),
    field('children', RELATION_PARENT_OF, RELATION_CHILD_OF, 'Group'),
    field('members', RELATION_HAS_MEMBER, RELATION_MEMBER_OF, 'User'),
  ],
  Location: [],
  Resource: [owner, system, ...dependencies],
  System: [owner, field('domain', RELATION_PART_OF, RELATION_HAS_PART, 'Domain')],
  User: [field('memberOf', RELATION_MEMBER_OF, RELATION_HAS_MEMBER, 'Group')],
};
