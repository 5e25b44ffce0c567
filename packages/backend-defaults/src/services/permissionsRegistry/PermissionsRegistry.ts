// What a plugin protects: its permissions, and its resource types with their rules.
import { NotFoundError } from '@backstage/errors';
import type { MetadataResponse, Permission } from '@backstage/plugin-permission-common';
import type {
  PermissionResourceRef,
  PermissionRule,
  PermissionRuleset,
  PermissionsRegistryService,
  PermissionsRegistryServiceAddResourceTypeOptions,
} from '@greenroom/backend-plugin-api';
import { isDeepStrictEqual } from 'node:util';
import { PermissionRegistrationError } from './PermissionRegistrationError';
import { problemOfParamsSchema, toJsonSchema, type AnyPermissionRule } from './ruleParams';

/** Loads resources by their refs, with `undefined` for those that don't exist. */
export type GetResources = (resourceRefs: string[]) => Promise<Array<unknown>>;

/**
 * Collects what a plugin and its modules register, in any order.
 *
 * @public
 */
export class PermissionsRegistry implements PermissionsRegistryService {
  readonly #pluginId: string;
  readonly #permissions = new Map<string, Permission>();
  readonly #resourceTypes = new Map<string, GetResources | undefined>();
  /** Indexed by resource type, then by name. Modules may add rules before their plugin adds the type. */
  readonly #rules = new Map<string, Map<string, AnyPermissionRule>>();

  constructor(pluginId: string) {
    this.#pluginId = pluginId;
  }

  /** Adds permissions. Throws `PermissionRegistrationError` if a name already has another definition. */
  addPermissions(permissions: Permission[]): void {
    for (const permission of permissions) {
      const existing = this.#permissions.get(permission.name);
      if (existing && !isDeepStrictEqual(existing, permission)) {
        throw this.#error(
          `The permission '${permission.name}' is registered twice, with different definitions`,
          'Register one of them, or give the other a name of its own.',
        );
      }
      this.#permissions.set(permission.name, permission);
    }
  }

  /** Adds rules. Throws `PermissionRegistrationError` if a name is taken, or its parameters have no usable schema. */
  addPermissionRules(rules: Parameters<PermissionsRegistryService['addPermissionRules']>[0]): void {
    for (const rule of rules as AnyPermissionRule[]) {
      const { name, resourceType } = rule;
      const siblings = this.#rules.get(resourceType) ?? new Map<string, AnyPermissionRule>();
      if (siblings.has(name)) {
        throw this.#error(
          `The permission rule '${name}' of resource type '${resourceType}' is registered twice`,
          'Register it once, or give one of them another name.',
        );
      }
      const problem = problemOfParamsSchema(rule.paramsSchema);
      if (problem) {
        throw this.#error(
          `The parameters of permission rule '${name}' of resource type '${resourceType}' are described by ${problem}`,
          'Give it a Standard Schema that converts to JSON Schema, such as one of zod 4, or a schema of zod 3.',
        );
      }
      siblings.set(name, rule);
      this.#rules.set(resourceType, siblings);
    }
  }

  /**
   * Adds a resource type. Throws `PermissionRegistrationError` if it is already registered or belongs to another
   * plugin.
   */
  addResourceType<const TResourceType extends string, TResource, TQuery>(
    options: PermissionsRegistryServiceAddResourceTypeOptions<TResourceType, TResource, TQuery>,
  ): void {
    const { resourceRef, permissions = [], rules } = options;
    const { pluginId, resourceType } = resourceRef;
    if (pluginId !== this.#pluginId) {
      throw this.#error(
        `The resource type '${resourceType}' belongs to plugin '${pluginId}' and can't be registered by plugin '${this.#pluginId}'`,
        `Register it in plugin '${pluginId}', or correct the plugin id of its reference.`,
      );
    }
    if (this.#resourceTypes.has(resourceType)) {
      throw this.#error(
        `The resource type '${resourceType}' is registered twice`,
        'Register it once; add further rules with addPermissionRules.',
      );
    }
    const stray = rules.find(rule => rule.resourceType !== resourceType);
    if (stray) {
      throw this.#error(
        `The permission rule '${stray.name}' is for resource type '${stray.resourceType}', and was registered with '${resourceType}'`,
        'Register it with the type that it is for.',
      );
    }
    this.addPermissions(permissions);
    this.addPermissionRules(rules);
    this.#resourceTypes.set(resourceType, options.getResources && (refs => options.getResources!(refs)));
  }

  /** The rules of a resource type, including rules added later. The type itself may be registered later, too. */
  getPermissionRuleset<TResourceType extends string, TResource, TQuery>(
    resourceRef: PermissionResourceRef<TResource, TQuery, TResourceType>,
  ): PermissionRuleset<TResource, TQuery, TResourceType> {
    return {
      getRuleByName: name =>
        this.rule(resourceRef.resourceType, name) as unknown as PermissionRule<
          TResource,
          TQuery,
          TResourceType
        >,
    };
  }

  /** Returns the rule with that name. Throws `NotFoundError` that lists the existing names. */
  rule(resourceType: string, name: string): AnyPermissionRule {
    const siblings = this.#rules.get(resourceType);
    const rule = siblings?.get(name);
    if (!rule) {
      throw new NotFoundError(
        `Resource type '${resourceType}' of plugin '${this.#pluginId}' has no permission rule '${name}'; it has ${listed(siblings?.keys())}`,
      );
    }
    return rule;
  }

  /** The registered resource types, with their `getResources` if given. */
  get resourceTypes(): ReadonlyMap<string, GetResources | undefined> {
    return this.#resourceTypes;
  }

  /** Everything as plain data, with the rules' parameters as JSON Schemas. */
  async metadata(): Promise<MetadataResponse> {
    const rules = [...this.#rules.values()].flatMap(siblings => [...siblings.values()]);
    return {
      permissions: [...this.#permissions.values()],
      rules: await Promise.all(
        rules.map(async ({ name, description, resourceType, paramsSchema }) => ({
          name,
          description,
          resourceType,
          ...(paramsSchema && { paramsSchema: await toJsonSchema(paramsSchema) }),
        })),
      ),
    };
  }

  #error(message: string, hint: string): PermissionRegistrationError {
    return new PermissionRegistrationError({ pluginId: this.#pluginId, message, hint });
  }
}

function listed(names: Iterable<string> = []): string {
  return [...names].map(name => `'${name}'`).join(', ') || 'none';
}
