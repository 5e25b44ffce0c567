// Reads `accessRestrictions` of an entry of `backend.auth.externalAccess`.
import type { Config } from '@backstage/config';
import type { BackstagePrincipalAccessRestrictions } from '@greenroom/backend-plugin-api';
import { InvalidConfigValueError } from '../../../config/InvalidConfigValueError';
import { readWordList } from '../../../config/readWordList';

/** Indexed by plugin id. Plugins that are missing can't be called; `undefined` means no further restrictions. */
export type AccessRestrictions = ReadonlyMap<string, BackstagePrincipalAccessRestrictions | undefined>;

const actions = ['create', 'read', 'update', 'delete'] as const;

/** Returns the restrictions of an entry, or `undefined` if it has none. */
export function readAccessRestrictions(entry: Config, entryKey: string): AccessRestrictions | undefined {
  const key = `${entryKey}.accessRestrictions`;
  const configs = entry.getOptionalConfigArray('accessRestrictions');
  if (!configs) return undefined;
  const restrictions = new Map<string, BackstagePrincipalAccessRestrictions | undefined>();
  configs.forEach((config, index) => {
    const plugin = config.getString('plugin');
    if (restrictions.has(plugin)) {
      throw new InvalidConfigValueError(
        `${key}[${index}].plugin`,
        `is '${plugin}', which an entry before it restricts already`,
      );
    }
    restrictions.set(plugin, readOne(config, `${key}[${index}]`));
  });
  return restrictions;
}

function readOne(config: Config, key: string): BackstagePrincipalAccessRestrictions | undefined {
  const permissionNames = readWordList(config, 'permission', key);
  const attributes = config.getOptionalConfig('permissionAttribute');
  const unknown = attributes?.keys().find(name => name !== 'action');
  if (unknown !== undefined) {
    throw new InvalidConfigValueError(`${key}.permissionAttribute.${unknown}`, "is unknown: use 'action'");
  }
  const action = attributes && readWordList(attributes, 'action', `${key}.permissionAttribute`, actions);
  if (attributes && !action) {
    throw new InvalidConfigValueError(`${key}.permissionAttribute`, "must have 'action'");
  }
  if (!permissionNames && !action) return undefined;
  return {
    ...(permissionNames && { permissionNames }),
    ...(action && { permissionAttributes: { action } }),
  };
}
