// The interface for registering what a plugin protects.
import type { Permission } from '@backstage/plugin-permission-common';
import type { PermissionResourceRef, PermissionRule, PermissionRuleset } from './permissionRules';

// Excludes an occurrence of a type parameter from inference. Not TypeScript's own NoInfer: the published declarations
// use this form, and generic signatures are assignable only if their conditional types are the same.
type NoInfer<T> = T extends infer S ? S : never;

/** A type of resource, with its permissions and rules. */
export type PermissionsRegistryServiceAddResourceTypeOptions<
  TResourceType extends string,
  TResource,
  TQuery,
> = {
  /** Identifies the type of resource. */
  resourceRef: PermissionResourceRef<TResource, TQuery, TResourceType>;
  /** The permissions that concern such resources. */
  permissions?: Array<Permission>;
  /** The rules that conditions on such resources may use. */
  rules: PermissionRule<NoInfer<TResource>, NoInfer<TQuery>, NoInfer<TResourceType>>[];
  /**
   * Loads resources by their references, in the same order, with `undefined` for those that don't exist. Without it,
   * conditions can be applied only by the plugin itself.
   */
  getResources?(resourceRefs: string[]): Promise<Array<NoInfer<TResource> | undefined>>;
};

/** Registers the permissions, rules and resources of one plugin. */
export interface PermissionsRegistryService {
  /** Adds permissions. */
  addPermissions(permissions: Permission[]): void;
  /** Adds rules for a type of resource that the plugin owns; its modules may do so, too. */
  addPermissionRules(rules: PermissionRule<any, any, string>[]): void;
  /** Adds a type of resource that the plugin owns. */
  addResourceType<const TResourceType extends string, TResource, TQuery>(
    options: PermissionsRegistryServiceAddResourceTypeOptions<TResourceType, TResource, TQuery>,
  ): void;
  /** The rules that are registered for a type of resource. */
  getPermissionRuleset<TResourceType extends string, TResource, TQuery>(
    resourceRef: PermissionResourceRef<TResource, TQuery, TResourceType>,
  ): PermissionRuleset<TResource, TQuery, TResourceType>;
}
