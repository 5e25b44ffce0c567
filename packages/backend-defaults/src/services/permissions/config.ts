// Reads the configuration of permissions.
import type { Config } from '@backstage/config';

/** Whether permissions are checked, from `permission.enabled`. Default `false`. */
export function readPermissionsEnabled(config: Config): boolean {
  return config.getOptionalBoolean('permission.enabled') ?? false;
}
