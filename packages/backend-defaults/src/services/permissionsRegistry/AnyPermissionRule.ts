// The rule of whatever resource. Types only.
import type { PermissionRule } from '@greenroom/backend-plugin-api';

/** A rule whose resources and parameters are known to the plugin only. */
export type AnyPermissionRule = PermissionRule<unknown, unknown, string>;
