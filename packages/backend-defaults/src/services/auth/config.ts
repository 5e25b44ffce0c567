// Reads `backend.auth`.
import type { Config } from '@backstage/config';
import { InvalidConfigValueError } from '../../config/InvalidConfigValueError';
import { readChoice } from '../../config/readChoice';
import { readAccessRestrictions, type AccessRestrictions } from './externalAccess/readAccessRestrictions';

/** A key pair in files. */
export interface StaticKeyFiles {
  /** The path of this key in the configuration, for messages. */
  configKey: string;
  publicKeyFile: string;
  privateKeyFile?: string;
  keyId: string;
  algorithm: string;
}

/** An entry that gives external callers access. */
export interface ExternalAccessEntry {
  /** The path of this entry in the configuration, for messages. */
  configKey: string;
  type: string;
  options: Config;
  /** Undefined for unrestricted access. */
  restrictions?: AccessRestrictions;
}

/** The auth settings, shared by all plugins. */
export interface AuthSettings {
  /** Whether requests without credentials may reach every path of every plugin. */
  policyDisabled: boolean;
  /** Undefined if keys are kept in the database. */
  staticKeys?: StaticKeyFiles[];
  externalAccess: ExternalAccessEntry[];
}

/** Reads the settings. Defaults: keys in the database, no external access, the policy enabled. */
export function readAuthSettings(config: Config): AuthSettings {
  return {
    policyDisabled: readPolicyDisabled(config),
    staticKeys: readStaticKeys(config),
    externalAccess: readExternalAccess(config),
  };
}

/** Reads `backend.auth.dangerouslyDisableDefaultAuthPolicy`. Default: `false`. */
export function readPolicyDisabled(config: Config): boolean {
  return config.getOptionalBoolean('backend.auth.dangerouslyDisableDefaultAuthPolicy') ?? false;
}

function readStaticKeys(config: Config): StaticKeyFiles[] | undefined {
  const type = readChoice(config, 'backend.auth.pluginKeyStore.type', ['database', 'static']);
  if (type === 'database') return undefined;
  const key = 'backend.auth.pluginKeyStore.static.keys';
  const entries = config.getOptionalConfigArray(key) ?? [];
  if (entries.length === 0) {
    throw new InvalidConfigValueError(key, 'must be a list of at least one key');
  }
  return entries.map((entry, index) => {
    const privateKeyFile = entry.getOptionalString('privateKeyFile');
    if ((privateKeyFile !== undefined) !== (index === 0)) {
      throw new InvalidConfigValueError(
        `${key}[${index}].privateKeyFile`,
        index === 0 ? 'must be set: the first key signs' : 'must not be set: only the first key signs',
      );
    }
    return {
      configKey: `${key}[${index}]`,
      publicKeyFile: entry.getString('publicKeyFile'),
      privateKeyFile,
      keyId: entry.getString('keyId'),
      algorithm: entry.getOptionalString('algorithm') ?? 'ES256',
    };
  });
}

function readExternalAccess(config: Config): ExternalAccessEntry[] {
  const key = 'backend.auth.externalAccess';
  const entries = (config.getOptionalConfigArray(key) ?? []).map((entry, index) => {
    const configKey = `${key}[${index}]`;
    return {
      configKey,
      type: entry.getString('type'),
      options: entry.getConfig('options'),
      restrictions: readAccessRestrictions(entry, configKey),
    };
  });
  return [...entries, ...readOldKeys(config)];
}

// An older notation for entries of type `legacy`.
function readOldKeys(config: Config): ExternalAccessEntry[] {
  return (config.getOptionalConfigArray('backend.auth.keys') ?? []).map((options, index) => ({
    configKey: `backend.auth.keys[${index}]`,
    type: 'legacy',
    options,
  }));
}
