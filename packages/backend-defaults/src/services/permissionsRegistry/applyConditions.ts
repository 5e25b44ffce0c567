// Decides whether conditions hold for resources.
import { InputError, NotImplementedError } from '@backstage/errors';
import type { DefinitivePolicyDecision } from '@backstage/plugin-permission-common';
import type { PermissionsRegistry } from './PermissionsRegistry';
import type { ApplyConditionsEntry } from './readApplyConditionsRequest';
import type { Criteria } from './readCriteria';
import { parseParams, type AnyPermissionRule } from './ruleParams';

type Result = DefinitivePolicyDecision['result'];
type Predicate = (resource: unknown) => boolean;

/** The result of an entry, or one result for each of its resources. */
export interface ApplyConditionsAnswer {
  id: string;
  result: Result | Result[];
}

/**
 * Applies each entry's conditions to its resources. Resources that don't exist are denied. The resources of each type
 * are loaded in one call. Rejects with `InputError` for unknown types, rules or parameters before anything is loaded.
 */
export async function applyConditions(
  registry: PermissionsRegistry,
  entries: readonly ApplyConditionsEntry[],
): Promise<ApplyConditionsAnswer[]> {
  const prepared = entries.map(entry => {
    assertLoadable(registry, entry.resourceType);
    return { ...entry, holds: compile(registry, entry.resourceType, entry.conditions) };
  });
  const resources = await loadResources(registry, entries);
  return prepared.map(({ id, resourceRef, resourceType, holds }) => {
    const decide = (ref: string): Result => {
      const resource = resources.get(resourceType)!.get(ref);
      return resource !== undefined && resource !== null && holds(resource) ? 'ALLOW' : 'DENY';
    };
    return { id, result: Array.isArray(resourceRef) ? resourceRef.map(decide) : decide(resourceRef) };
  });
}

function assertLoadable(registry: PermissionsRegistry, resourceType: string): void {
  const { resourceTypes } = registry;
  if (!resourceTypes.has(resourceType)) {
    const known = [...resourceTypes.keys()].join(', ') || 'none';
    throw new InputError(`The resource type '${resourceType}' is not known here; known: ${known}`);
  }
  if (!resourceTypes.get(resourceType)) {
    throw new NotImplementedError(
      `Conditions on '${resourceType}' can't be applied over HTTP: its plugin registered no getResources`,
    );
  }
}

/** Compiles conditions into one function, so that parameters are validated once rather than per resource. */
function compile(registry: PermissionsRegistry, resourceType: string, criteria: Criteria): Predicate {
  const compileAll = (list: Criteria[]) => list.map(one => compile(registry, resourceType, one));
  if ('allOf' in criteria) {
    const predicates = compileAll(criteria.allOf);
    return resource => predicates.every(holds => holds(resource));
  }
  if ('anyOf' in criteria) {
    const predicates = compileAll(criteria.anyOf);
    return resource => predicates.some(holds => holds(resource));
  }
  if ('not' in criteria) {
    const holds = compile(registry, resourceType, criteria.not);
    return resource => !holds(resource);
  }
  if (criteria.resourceType !== resourceType) {
    throw new InputError(
      `The condition '${criteria.rule}' is for resource type '${criteria.resourceType}', and the request for '${resourceType}'`,
    );
  }
  const rule = ruleOfRequest(registry, resourceType, criteria.rule);
  const params = parseParams(rule, criteria.params);
  return resource => rule.apply(resource, params);
}

function ruleOfRequest(registry: PermissionsRegistry, resourceType: string, name: string): AnyPermissionRule {
  try {
    return registry.rule(resourceType, name);
  } catch (error) {
    // Not a 404, because the URL does not name the missing rule.
    throw new InputError((error as Error).message);
  }
}

async function loadResources(
  registry: PermissionsRegistry,
  entries: readonly ApplyConditionsEntry[],
): Promise<Map<string, Map<string, unknown>>> {
  const wanted = new Map<string, Set<string>>();
  for (const { resourceType, resourceRef } of entries) {
    const refs = wanted.get(resourceType) ?? new Set();
    for (const ref of Array.isArray(resourceRef) ? resourceRef : [resourceRef]) refs.add(ref);
    wanted.set(resourceType, refs);
  }
  const loaded = await Promise.all(
    [...wanted].map(async ([resourceType, set]) => {
      const refs = [...set];
      const found = refs.length > 0 ? await registry.resourceTypes.get(resourceType)!(refs) : [];
      if (!Array.isArray(found) || found.length !== refs.length) {
        throw new TypeError(
          `getResources of resource type '${resourceType}' gave ${Array.isArray(found) ? `${found.length} resources` : 'no list'} for ${refs.length} references; it must give one for each, undefined where there is none`,
        );
      }
      return [resourceType, new Map(refs.map((ref, index) => [ref, found[index]]))] as const;
    }),
  );
  return new Map(loaded);
}
