// The types of permission rules: structurally those of `@backstage/plugin-permission-node`, without depending on it.
import type { PermissionCriteria, PermissionRuleParams } from '@backstage/plugin-permission-common';
import type { StandardJSONSchemaV1, StandardSchemaV1 } from '@standard-schema/spec';
import type { z } from 'zod/v3';

// The same form as in the published declarations, see PermissionsRegistryService.
type NoInfer<T> = T extends infer S ? S : never;

/** A condition that can be applied to a resource in memory, or turned into a query. Both must mean the same. */
export type PermissionRule<
  TResource,
  TQuery,
  TResourceType extends string,
  TParams extends PermissionRuleParams = PermissionRuleParams,
> = {
  /** Unique within its type of resource. */
  name: string;
  /** For the person who writes a policy. */
  description: string;
  resourceType: TResourceType;
  /** Whether the condition holds for a resource that is loaded already. */
  apply(resource: TResource, params: NoInfer<TParams>): boolean;
  /** The condition as criteria for loading resources. */
  toQuery(params: NoInfer<TParams>): PermissionCriteria<TQuery>;
} & (
  | {
      /** Describes the parameters; validates synchronously and converts to JSON Schema. */
      paramsSchema?: StandardSchemaV1<TParams> & StandardJSONSchemaV1<TParams>;
    }
  | {
      /** Describes the parameters in the older form, a schema of zod 3. */
      paramsSchema: z.ZodSchema<TParams>;
    }
);

/** The rules that are registered for a type of resource. */
export type PermissionRuleset<
  TResource = unknown,
  TQuery = unknown,
  TResourceType extends string = string,
> = {
  /** Throws if there is no rule of that name. */
  getRuleByName(name: string): PermissionRule<TResource, TQuery, TResourceType>;
};

/** Identifies a type of resource, with the types of a resource and of the criteria for loading it. */
export type PermissionResourceRef<
  TResource = unknown,
  TQuery = unknown,
  TResourceType extends string = string,
  TPluginId extends string = string,
> = {
  readonly $$type: '@backstage/PermissionResourceRef';
  readonly pluginId: TPluginId;
  readonly resourceType: TResourceType;
  /** Types only. */
  readonly TQuery: TQuery;
  /** Types only. */
  readonly TResource: TResource;
};
