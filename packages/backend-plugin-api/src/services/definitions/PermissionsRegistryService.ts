// The interface for registering what a plugin protects.
import type { Permission } from '@backstage/plugin-permission-common';
import type { PermissionResourceRef, PermissionRule, PermissionRuleset } from './permissionRules';

// Excludes an occurrence of a type parameter from inference. Not TypeScript's own NoInfer: the published declarations
// use this form, and generic signatures are assignable only if their conditional types are the same.
type NoInfer<T> = T extends infer S ? S : never;

/** A resource type with its permissions and rules. */
export type PermissionsRegistryServiceAddResourceTypeOptions<
  TResourceType extends string,
  TResource,
  TQuery,
> = {
  /** The reference of the resource type. */
  resourceRef: PermissionResourceRef<TResource, TQuery, TResourceType>;
  /** Permissions that apply to these resources. */
  permissions?: Array<Permission>;
  /** Rules that conditions on these resources may use. */
  rules: PermissionRule<NoInfer<TResource>, NoInfer<TQuery>, NoInfer<TResourceType>>[];
  /**
   * Loads resources by their references. Returns them in the same order, with `undefined` for those that don't exist.
   * Without this function, only the plugin itself can apply conditions.
   */
  getResources?(resourceRefs: string[]): Promise<Array<NoInfer<TResource> | undefined>>;
};

/**
 * Registers the permissions, rules and resources of one plugin. Throws an error with code `GR_PERMISSION_REGISTRATION`
 * if a name or a resource type is already registered, or a resource type belongs to another plugin.
 */
export interface PermissionsRegistryService {
  /** Adds permissions. Adding the same permission again does nothing. */
  addPermissions(permissions: Permission[]): void;
  /** Adds rules for a resource type that the plugin owns. Its modules may also add rules. */
  addPermissionRules(rules: PermissionRule<any, any, string>[]): void;
  /** Adds a resource type that the plugin owns. */
  addResourceType<const TResourceType extends string, TResource, TQuery>(
    options: PermissionsRegistryServiceAddResourceTypeOptions<TResourceType, TResource, TQuery>,
  ): void;
  /** Returns the rules of a resource type, including those that are added later. */
  getPermissionRuleset<TResourceType extends string, TResource, TQuery>(
    resourceRef: PermissionResourceRef<TResource, TQuery, TResourceType>,
  ): PermissionRuleset<TResource, TQuery, TResourceType>;
}
