// Reads which roles a backend has.
import type { Config } from '@backstage/config';

/** The roles that are set, and where. `from` is undefined if none is set. */
export interface ConfiguredRoles {
  roles: string[];
  from?: 'GREENROOM_ROLE' | 'backend.roles';
}

/** From the variable `GREENROOM_ROLE`, separated by commas, or else from `backend.roles`. Default: none. */
export function readRoles(config: Config, environment: NodeJS.ProcessEnv = process.env): ConfiguredRoles {
  const named = (environment.GREENROOM_ROLE ?? '').split(',').flatMap(role => role.trim() || []);
  if (named.length > 0) return { roles: named, from: 'GREENROOM_ROLE' };
  const roles = config.getOptionalStringArray('backend.roles') ?? [];
  return roles.length > 0 ? { roles, from: 'backend.roles' } : { roles };
}
