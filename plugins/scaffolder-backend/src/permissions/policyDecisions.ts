// Applies the conditions of a policy decision to a resource, or turns them into criteria for loading resources.
import type {
  PermissionCondition,
  PermissionCriteria,
  PolicyDecision,
} from '@backstage/plugin-permission-common';
import type { PermissionRuleset } from '@greenroom/backend-plugin-api';
import { checkRuleParams } from '@greenroom/plugin-catalog-node/internal';

type Conditions = PermissionCriteria<PermissionCondition>;

/** Whether a decision applies to `resource`. Throws if a rule is not registered or does not take the parameters. */
export function isAllowed<TResource>(
  decision: PolicyDecision,
  resource: TResource,
  rules: PermissionRuleset<TResource>,
): boolean {
  if (decision.result !== 'CONDITIONAL') return decision.result === 'ALLOW';
  return matches(decision.conditions);

  function matches(conditions: Conditions): boolean {
    if ('allOf' in conditions) return conditions.allOf.every(matches);
    if ('anyOf' in conditions) return conditions.anyOf.some(matches);
    if ('not' in conditions) return !matches(conditions.not);
    const rule = rules.getRuleByName(conditions.rule);
    return rule.apply(resource, checkRuleParams(rule, conditions.params));
  }
}

/** Turns conditions into criteria. Throws if a rule is not registered or does not take the parameters. */
export function toCriteria<TQuery>(
  conditions: Conditions,
  rules: PermissionRuleset<never, TQuery>,
): PermissionCriteria<TQuery> {
  const all = (parts: Conditions[]) =>
    parts.map(part => toCriteria(part, rules)) as [PermissionCriteria<TQuery>];
  if ('allOf' in conditions) return { allOf: all(conditions.allOf) };
  if ('anyOf' in conditions) return { anyOf: all(conditions.anyOf) };
  if ('not' in conditions) return { not: toCriteria(conditions.not, rules) };
  const rule = rules.getRuleByName(conditions.rule);
  return rule.toQuery(checkRuleParams(rule, conditions.params));
}
