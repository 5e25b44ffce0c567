// Checks what the caller of a request may do.
import { NotAllowedError, NotFoundError } from '@backstage/errors';
import {
  catalogEntityDeletePermission,
  catalogEntityReadPermission,
  catalogEntityRefreshPermission,
} from './catalogPermissions';
import type { Entity } from '@backstage/catalog-model';
import type {
  BasicPermission,
  PermissionCondition,
  PermissionCriteria,
  ResourcePermission,
} from '@backstage/plugin-permission-common';
import type { BackstageCredentials, PermissionRuleset } from '@greenroom/backend-plugin-api';
import type { EntitiesSearchFilter } from '@greenroom/plugin-catalog-node';
import { catalogEntityPermissionResourceRef } from '@greenroom/plugin-catalog-node/alpha';
import { checkRuleParams } from '@greenroom/plugin-catalog-node/internal';
import type { Request } from 'express';
import type { CatalogServices } from '../catalogServices';
import { type EntityCondition, toFieldCondition } from '../query/EntityCondition';

/** Matches no entity. */
const NOTHING: EntityCondition = { any: [] };

const onEntities = { delete: catalogEntityDeletePermission, refresh: catalogEntityRefreshPermission };

type AuthorizerServices = Pick<CatalogServices, 'httpAuth' | 'permissions' | 'permissionsRegistry'>;

/** Turns decisions into database conditions, so that entities the caller may not see are never read. */
export class CatalogAuthorizer {
  readonly #services: AuthorizerServices;

  constructor(services: AuthorizerServices) {
    this.#services = services;
  }

  credentials(req: Request): Promise<BackstageCredentials> {
    return this.#services.httpAuth.credentials(req);
  }

  /** Which entities the caller may read; `undefined` means all. */
  readCondition(req: Request): Promise<EntityCondition | undefined> {
    return this.#conditionOf(req, catalogEntityReadPermission);
  }

  /**
   * Throws a `NotFoundError` if the caller can't see such an entity, and a `NotAllowedError` if the caller can see it
   * but lacks the permission.
   *
   * @param find - Returns the entity if it meets the condition
   */
  async assertMay(
    req: Request,
    action: keyof typeof onEntities,
    find: (condition: EntityCondition | undefined) => Promise<unknown>,
  ): Promise<void> {
    if ((await find(await this.readCondition(req))) === undefined) {
      throw new NotFoundError('The catalog has no such entity');
    }
    const permission = onEntities[action];
    const condition = await this.#conditionOf(req, permission);
    if (condition && (await find(condition)) === undefined) {
      throw new NotAllowedError(`The permission '${permission.name}' is missing for this entity`);
    }
  }

  /** Throws a `NotAllowedError` if the caller lacks the permission. */
  async assert(req: Request, permission: BasicPermission): Promise<void> {
    if (!(await this.has(req, permission))) {
      throw new NotAllowedError(`The permission '${permission.name}' is missing`);
    }
  }

  async has(req: Request, permission: BasicPermission): Promise<boolean> {
    const credentials = await this.credentials(req);
    const [decision] = await this.#services.permissions.authorize([{ permission }], { credentials });
    return decision!.result === 'ALLOW';
  }

  async #conditionOf(
    req: Request,
    permission: ResourcePermission<'catalog-entity'>,
  ): Promise<EntityCondition | undefined> {
    const { permissions, permissionsRegistry } = this.#services;
    const credentials = await this.credentials(req);
    const [decision] = await permissions.authorizeConditional([{ permission }], { credentials });
    if (decision!.result === 'ALLOW') return undefined;
    if (decision!.result !== 'CONDITIONAL') return NOTHING;
    const rules = permissionsRegistry.getPermissionRuleset(catalogEntityPermissionResourceRef);
    return toEntityCondition(decision!.conditions, rules);
  }
}

type Rules = PermissionRuleset<Entity, EntitiesSearchFilter, 'catalog-entity'>;

/** Throws if a rule is unknown or does not take the parameters, so that such a condition lets nothing through. */
function toEntityCondition(criteria: PermissionCriteria<PermissionCondition>, rules: Rules): EntityCondition {
  return convert(criteria, ({ rule: name, params }) => {
    const rule = rules.getRuleByName(name);
    return convert(rule.toQuery(checkRuleParams(rule, params)), toFieldCondition);
  });
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
