// Reads the module's configuration. Nothing else reads these keys.
import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import type { GitCredentials } from './GitCredentials';
import { OAuthClient } from './OAuthClient';

/** The supported protocols. */
export type GitProtocol = 'https' | 'ssh' | 'http' | 'file';

/** A host from `integrations`. */
export interface GitHost {
  /** `github`, `gitlab`, ... */
  readonly kind: string;
  /** As it is in URLs, which is how the URL reader service knows it. */
  readonly host: string;
  /** `http` if its `baseUrl` is such a URL, or without one, its `apiBaseUrl` on the same host. */
  readonly scheme: 'https' | 'http';
  readonly credentials?: GitCredentials | OAuthClient;
}

/** The defaults of the action. */
export interface GitSettings {
  readonly author: { readonly name: string; readonly email: string };
  readonly message: string;
  readonly protocols: readonly GitProtocol[];
  readonly hosts: readonly GitHost[];
}

const allProtocols: readonly string[] = ['https', 'ssh', 'http', 'file'];
/** The user names that hosts expect with a token. */
const tokenUsers: { readonly [kind: string]: string } = {
  bitbucketCloud: 'x-token-auth',
  github: 'x-access-token',
  gitlab: 'oauth2',
};
const knownHosts: { readonly [kind: string]: string } = {
  bitbucketCloud: 'bitbucket.org',
  github: 'github.com',
  gitlab: 'gitlab.com',
};

/** @throws InputError if the configuration has an unknown protocol, or half of an OAuth client. */
export function readGitSettings(config: Config): GitSettings {
  const protocols = config.getOptionalStringArray('scaffolder.git.protocols') ?? ['https', 'ssh'];
  const unknown = protocols.filter(protocol => !allProtocols.includes(protocol));
  if (unknown.length > 0) {
    throw new InputError(
      `The configuration value scaffolder.git.protocols has '${unknown[0]}': use some of ${allProtocols.join(', ')}.`,
    );
  }
  return {
    author: {
      name: config.getOptionalString('scaffolder.defaultAuthor.name') ?? 'Scaffolder',
      email: config.getOptionalString('scaffolder.defaultAuthor.email') ?? 'scaffolder@localhost',
    },
    message: config.getOptionalString('scaffolder.defaultCommitMessage') ?? 'Initial commit',
    protocols: protocols as GitProtocol[],
    hosts: readHosts(config.getOptionalConfig('integrations')),
  };
}

function readHosts(integrations: Config | undefined): GitHost[] {
  const hosts: GitHost[] = [];
  for (const kind of integrations?.keys() ?? []) {
    // Storage integrations such as `googleGcs` may be objects, and have no repositories.
    if (!Array.isArray(integrations?.getOptional(kind))) continue;
    for (const [index, entry] of integrations.getConfigArray(kind).entries()) {
      const given = entry.getOptionalString('host') ?? knownHosts[kind];
      const host = parseUrl(`https://${given}`)?.host;
      if (given === undefined || host === undefined) continue;
      const baseUrl = entry.getOptionalString('baseUrl') ?? `https://${host}`;
      const client =
        kind === 'bitbucketCloud'
          ? OAuthClient.fromConfig(entry, `integrations.${kind}[${index}]`, baseUrl)
          : undefined;
      const credentials = client ?? readCredentials(entry, kind);
      hosts.push({ kind, host, scheme: readScheme(entry, host), ...(credentials && { credentials }) });
    }
  }
  for (const [kind, host] of Object.entries(knownHosts)) {
    if (!hosts.some(known => known.host === host)) hosts.push({ kind, host, scheme: 'https' });
  }
  return hosts;
}

/** An API may have an address of its own inside a network. */
function readScheme(entry: Config, host: string): GitHost['scheme'] {
  const baseUrl = entry.getOptionalString('baseUrl');
  const url = parseUrl(baseUrl ?? entry.getOptionalString('apiBaseUrl'));
  return url?.protocol === 'http:' && (baseUrl !== undefined || url.host === host) ? 'http' : 'https';
}

function parseUrl(text = ''): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

function readCredentials(entry: Config, kind: string): GitCredentials | undefined {
  const token = entry.getOptionalString('token');
  const username = entry.getOptionalString('username');
  const password = entry.getOptionalString('password') ?? entry.getOptionalString('appPassword') ?? token;
  if (password === undefined) return undefined;
  return { username: username ?? tokenUsers[kind] ?? 'git', password };
}
