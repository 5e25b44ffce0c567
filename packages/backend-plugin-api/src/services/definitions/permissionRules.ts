// The types of permission rules: structurally those of `@backstage/plugin-permission-node`, without depending on it.
import type { PermissionCriteria, PermissionRuleParams } from '@backstage/plugin-permission-common';
import type { StandardJSONSchemaV1, StandardSchemaV1 } from '@standard-schema/spec';
import type { z } from 'zod/v3';

// The same form as in the published declarations, see PermissionsRegistryService.
type NoInfer<T> = T extends infer S ? S : never;

/** A condition that can be applied to a loaded resource or converted to a query. Both must have the same meaning. */
export type PermissionRule<
  TResource,
  TQuery,
  TResourceType extends string,
  TParams extends PermissionRuleParams = PermissionRuleParams,
> = {
  /** Unique within the resource type. */
  name: string;
  /** Description for authors of permission policies. */
  description: string;
  resourceType: TResourceType;
  /** Whether the condition is met by a loaded resource. */
  apply(resource: TResource, params: NoInfer<TParams>): boolean;
  /** Converts the condition to criteria for loading resources. */
  toQuery(params: NoInfer<TParams>): PermissionCriteria<TQuery>;
} & (
  | {
      /** Schema of the parameters. It must validate synchronously and be convertible to JSON Schema. */
      paramsSchema?: StandardSchemaV1<TParams> & StandardJSONSchemaV1<TParams>;
    }
  | {
      /** Schema of the parameters in the older form, a zod 3 schema. */
      paramsSchema: z.ZodSchema<TParams>;
    }
);

/** The registered rules of a resource type. */
export type PermissionRuleset<
  TResource = unknown,
  TQuery = unknown,
  TResourceType extends string = string,
> = {
  /** Returns the rule of that name. Throws NotFoundError if there is none. */
  getRuleByName(name: string): PermissionRule<TResource, TQuery, TResourceType>;
};

/** Identifies a resource type, and carries the TypeScript types of a resource and of the criteria for loading it. */
export type PermissionResourceRef<
  TResource = unknown,
  TQuery = unknown,
  TResourceType extends string = string,
  TPluginId extends string = string,
> = {
  readonly $$type: '@backstage/PermissionResourceRef';
  readonly pluginId: TPluginId;
  readonly resourceType: TResourceType;
  /** For types only. */
  readonly TQuery: TQuery;
  /** For types only. */
  readonly TResource: TResource;
};
