// Turns the conditions of a decision into conditions on entities.
import type { Entity } from '@backstage/catalog-model';
import type { PermissionCondition, PermissionCriteria } from '@backstage/plugin-permission-common';
import type { PermissionRuleset } from '@greenroom/backend-plugin-api';
import type { EntitiesSearchFilter } from '@greenroom/plugin-catalog-node';
import type { EntityCondition } from '../query/EntityCondition';

type Rules = PermissionRuleset<Entity, EntitiesSearchFilter, 'catalog-entity'>;

/** Throws if a rule is not known: an unknown condition must not let anything through. */
export function toEntityCondition(
  criteria: PermissionCriteria<PermissionCondition>,
  rules: Rules,
): EntityCondition {
  return convert(criteria, ({ rule, params }) =>
    convert(rules.getRuleByName(rule).toQuery(params as never), ({ key, values }) => ({
      key: key.toLowerCase(),
      ...(values && { values: values.map(value => value.toLowerCase()) }),
    })),
  );
}

function convert<T>(criteria: PermissionCriteria<T>, leaf: (value: T) => EntityCondition): EntityCondition {
  const node = criteria as {
    allOf?: PermissionCriteria<T>[];
    anyOf?: PermissionCriteria<T>[];
    not?: PermissionCriteria<T>;
  };
  if (node.allOf) return { all: node.allOf.map(part => convert(part, leaf)) };
  if (node.anyOf) return { any: node.anyOf.map(part => convert(part, leaf)) };
  if (node.not) return { not: convert(node.not, leaf) };
  return leaf(criteria as T);
}
