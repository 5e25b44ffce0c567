// Applies the conditions of a decision to a resource, and turns them into criteria for loading resources.
import type {
  PermissionCondition,
  PermissionCriteria,
  PolicyDecision,
} from '@backstage/plugin-permission-common';
import type { PermissionRuleset } from '@greenroom/backend-plugin-api';

type Conditions = PermissionCriteria<PermissionCondition>;

/** Whether a decision allows something to be done with `resource`. */
export function isAllowed<TResource, TQuery, TType extends string>(
  decision: PolicyDecision,
  resource: TResource,
  rules: PermissionRuleset<TResource, TQuery, TType>,
): boolean {
  if (decision.result !== 'CONDITIONAL') return decision.result === 'ALLOW';
  return matchesConditions(decision.conditions as Conditions, resource, rules);
}

/** Whether the conditions hold for `resource`. Throws for a rule that is not registered. */
export function matchesConditions<TResource, TQuery, TType extends string>(
  conditions: Conditions,
  resource: TResource,
  rules: PermissionRuleset<TResource, TQuery, TType>,
): boolean {
  if ('allOf' in conditions) return conditions.allOf.every(part => matchesConditions(part, resource, rules));
  if ('anyOf' in conditions) return conditions.anyOf.some(part => matchesConditions(part, resource, rules));
  if ('not' in conditions) return !matchesConditions(conditions.not, resource, rules);
  const { rule, params } = conditions as PermissionCondition;
  return rules.getRuleByName(rule).apply(resource, (params ?? {}) as never);
}

/** The conditions as criteria. Throws for a rule that is not registered. */
export function toCriteria<TResource, TQuery, TType extends string>(
  conditions: Conditions,
  rules: PermissionRuleset<TResource, TQuery, TType>,
): PermissionCriteria<TQuery> {
  if ('allOf' in conditions) return { allOf: parts(conditions.allOf, rules) };
  if ('anyOf' in conditions) return { anyOf: parts(conditions.anyOf, rules) };
  if ('not' in conditions) return { not: toCriteria(conditions.not, rules) };
  const { rule, params } = conditions as PermissionCondition;
  return rules.getRuleByName(rule).toQuery((params ?? {}) as never);
}

function parts<TResource, TQuery, TType extends string>(
  conditions: readonly Conditions[],
  rules: PermissionRuleset<TResource, TQuery, TType>,
): [PermissionCriteria<TQuery>, ...PermissionCriteria<TQuery>[]] {
  return conditions.map(part => toCriteria(part, rules)) as [
    PermissionCriteria<TQuery>,
    ...PermissionCriteria<TQuery>[],
  ];
}
