// Reads `backend.reading`, `backend.workingDirectory` and the git hosts of `integrations`.
import type { Config } from '@backstage/config';
import { createPrivateKey, type KeyObject } from 'node:crypto';
import { InvalidConfigValueError } from '../../config/InvalidConfigValueError';
import { isUrlOf, webProtocols } from '../../config/isUrlOf';
import { readDelay } from '../../config/readDuration';
import type { AllowedTarget } from './UrlAllowList';

/** How much is read, and how long to wait. */
export interface UrlReaderLimits {
  /** How many milliseconds a host may be silent. Default 30 s. */
  timeout: number;
  /** Maximum size of one file, in bytes. Default 50 MiB. */
  maxFileSize: number;
  /** Maximum size of an archive as it is sent, in bytes. Default 256 MiB. */
  maxArchiveSize: number;
  /** Maximum size of the whole archive once unpacked, in bytes. Default 1 GiB. */
  maxTreeSize: number;
  /** Maximum number of entries of an archive. Default 100,000. */
  maxTreeEntries: number;
}

/** A git host, from an entry of `integrations.<type>`. */
export interface GitHostSettings {
  /** As it appears in URLs, with the port unless it is the default one. */
  host: string;
  /** Base URL of the API, without a trailing slash. */
  apiBaseUrl: string;
  /** Base URL that people see, without a trailing slash. */
  baseUrl: string;
  /** Base URL of the contents of public files on GitHub. */
  rawBaseUrl?: string;
  token?: string;
  username?: string;
  password?: string;
  /** GitHub apps, which are asked for tokens in this order. */
  apps: GithubAppSettings[];
  /** An OAuth client of Bitbucket Cloud, whose tokens are used instead of `token` and `password`. */
  client?: OAuthClientSettings;
}

/** An OAuth client, which Bitbucket calls a consumer. */
export interface OAuthClientSettings {
  id: string;
  secret: string;
}

/** A GitHub app. */
export interface GithubAppSettings {
  appId: string;
  privateKey: KeyObject;
  /** Owners of repositories that the app is used for. Default: all. */
  allowedInstallationOwners?: string[];
}

/** The kinds of git hosts, named as below `integrations`. */
export type GitHostType = 'github' | 'gitlab' | 'bitbucketCloud' | 'bitbucketServer' | 'gitea';

const mebibyte = 1024 * 1024;

/** The defaults of {@link readUrlReaderLimits}. */
export const defaultUrlReaderLimits: UrlReaderLimits = {
  timeout: 30_000,
  maxFileSize: 50 * mebibyte,
  maxArchiveSize: 256 * mebibyte,
  maxTreeSize: 1024 * mebibyte,
  maxTreeEntries: 100_000,
};

/** Reads the limits. */
export function readUrlReaderLimits(config: Config): UrlReaderLimits {
  const count = (name: keyof UrlReaderLimits) => {
    const key = `backend.reading.${name}`;
    const value = config.getOptionalNumber(key);
    if (value !== undefined && (!Number.isInteger(value) || value < 1)) {
      throw new InvalidConfigValueError(key, `is ${value}, and must be a whole number from 1 on`);
    }
    return value ?? defaultUrlReaderLimits[name];
  };
  return {
    timeout: readDelay(config, 'backend.reading.timeout') || defaultUrlReaderLimits.timeout,
    maxFileSize: count('maxFileSize'),
    maxArchiveSize: count('maxArchiveSize'),
    maxTreeSize: count('maxTreeSize'),
    maxTreeEntries: count('maxTreeEntries'),
  };
}

/** Reads `backend.reading.allow`. Default: nothing is allowed. */
export function readAllowedTargets(config: Config): AllowedTarget[] {
  const entries = config.getOptionalConfigArray('backend.reading.allow') ?? [];
  return entries.map((entry, index) => {
    const key = `backend.reading.allow[${index}]`;
    const host = entry.getString('host');
    if (!/^(\*\.)?[^*/@\s]+$/.test(host)) {
      throw new InvalidConfigValueError(
        `${key}.host`,
        `is '${host}', and must be a host such as example.com`,
        {
          hint: 'A port may follow (example.com:8080), and *. may lead (*.example.com); no scheme, no path, no other wildcard.',
        },
      );
    }
    const paths = entry.getOptionalStringArray('paths');
    const wrong = paths?.find(path => !path.startsWith('/'));
    if (wrong !== undefined) {
      throw new InvalidConfigValueError(
        `${key}.paths`,
        `has '${wrong}', and every path must start with a slash`,
      );
    }
    return { host, paths };
  });
}

/** Where trees are unpacked: `backend.workingDirectory`. */
export function readWorkingDirectory(config: Config): string | undefined {
  return config.getOptionalString('backend.workingDirectory');
}

type PublicHost = Pick<GitHostSettings, 'host' | 'apiBaseUrl' | 'rawBaseUrl'>;

/** The hosts that can be read without any configuration. */
const publicHosts: Partial<Record<GitHostType, PublicHost>> = {
  github: {
    host: 'github.com',
    apiBaseUrl: 'https://api.github.com',
    rawBaseUrl: 'https://raw.githubusercontent.com',
  },
  gitlab: { host: 'gitlab.com', apiBaseUrl: 'https://gitlab.com/api/v4' },
  bitbucketCloud: { host: 'bitbucket.org', apiBaseUrl: 'https://api.bitbucket.org/2.0' },
};

const apiPaths: Record<GitHostType, string> = {
  github: '/api/v3',
  gitlab: '/api/v4',
  bitbucketCloud: '/2.0',
  bitbucketServer: '/rest/api/1.0',
  gitea: '/api/v1',
};

/** Reads `integrations.<type>`. The public host of the type is always included. */
export function readGitHosts(config: Config, type: GitHostType): GitHostSettings[] {
  const entries = config.getOptionalConfigArray(`integrations.${type}`) ?? [];
  const known = publicHosts[type];
  const hosts = entries.map((entry, index): GitHostSettings => {
    const key = `integrations.${type}[${index}]`;
    const host = type === 'bitbucketCloud' ? 'bitbucket.org' : readHost(entry, key);
    const preset = host === known?.host ? known : undefined;
    const baseUrl = readUrl(entry, 'baseUrl', key) ?? `https://${host}`;
    return {
      host,
      baseUrl,
      apiBaseUrl: readUrl(entry, 'apiBaseUrl', key) ?? preset?.apiBaseUrl ?? `${baseUrl}${apiPaths[type]}`,
      rawBaseUrl: readUrl(entry, 'rawBaseUrl', key) ?? preset?.rawBaseUrl,
      token: readSecret(entry, 'token'),
      username: entry.getOptionalString('username'),
      password: readSecret(entry, 'password') ?? readSecret(entry, 'appPassword'),
      apps: type === 'github' ? readApps(entry, key) : [],
      client: type === 'bitbucketCloud' ? readClient(entry, key) : undefined,
    };
  });
  if (known && !hosts.some(({ host }) => host === known.host)) {
    hosts.push({ ...known, baseUrl: `https://${known.host}`, apps: [] });
  }
  return hosts;
}

/** In the form that URLs have: lower case, ASCII only, and without the default port. */
function readHost(entry: Config, key: string): string {
  const host = entry.getString('host');
  const url = `https://${host}`;
  if (!/^[^*/?#@\\\s]+$/.test(host) || !URL.canParse(url)) {
    throw new InvalidConfigValueError(
      `${key}.host`,
      `is '${host}', and must be a host such as git.example.com`,
    );
  }
  return new URL(url).host;
}

function readApps(entry: Config, key: string): GithubAppSettings[] {
  const apps = entry.getOptionalConfigArray('apps') ?? [];
  return apps.map((app, index) => {
    return {
      appId: String(app.get('appId')),
      privateKey: readPrivateKey(app, `${key}.apps[${index}]`),
      allowedInstallationOwners: app.getOptionalStringArray('allowedInstallationOwners'),
    };
  });
}

function readClient(entry: Config, key: string): OAuthClientSettings | undefined {
  const id = readSecret(entry, 'clientId');
  const secret = readSecret(entry, 'clientSecret');
  if (id && secret) return { id, secret };
  if (!id && !secret) return undefined;
  const [missing, given] = id ? ['clientSecret', 'clientId'] : ['clientId', 'clientSecret'];
  throw new InvalidConfigValueError(`${key}.${missing}`, `is missing, and ${given} is of no use without it`, {
    hint: `Set both, or remove ${given}.`,
  });
}

function readPrivateKey(app: Config, key: string): KeyObject {
  // A key that comes from a variable often has escaped line breaks.
  const text = app.getString('privateKey').replaceAll('\\n', '\n');
  try {
    return createPrivateKey(text);
  } catch {
    throw new InvalidConfigValueError(`${key}.privateKey`, 'is not a private key in PEM format');
  }
}

// A file often ends with a line break.
function readSecret(entry: Config, name: string): string | undefined {
  return entry.getOptionalString(name)?.trim() || undefined;
}

function readUrl(entry: Config, name: string, key: string): string | undefined {
  const value = entry.getOptionalString(name);
  if (value !== undefined && !isUrlOf(webProtocols, value)) {
    throw new InvalidConfigValueError(`${key}.${name}`, `is '${value}', and must be an http or https URL`);
  }
  return value?.replace(/\/+$/, '');
}
