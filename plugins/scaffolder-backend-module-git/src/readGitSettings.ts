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
  readonly host: string;
  /** `http` if its `baseUrl`, or else its `apiBaseUrl`, is such a URL. */
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
      const host = entry.getOptionalString('host')?.toLowerCase() ?? knownHosts[kind];
      if (host === undefined) continue;
      const baseUrl = entry.getOptionalString('baseUrl');
      const isPlain = /^http:/i.test(baseUrl ?? entry.getOptionalString('apiBaseUrl') ?? '');
      const scheme = isPlain ? 'http' : 'https';
      const client =
        kind === 'bitbucketCloud'
          ? OAuthClient.fromConfig(entry, `integrations.${kind}[${index}]`, baseUrl ?? `https://${host}`)
          : undefined;
      const credentials = client ?? readCredentials(entry, kind);
      hosts.push({ kind, host, scheme, ...(credentials && { credentials }) });
    }
  }
  for (const [kind, host] of Object.entries(knownHosts)) {
    if (!hosts.some(known => known.host === host)) hosts.push({ kind, host, scheme: 'https' });
  }
  return hosts;
}

function readCredentials(entry: Config, kind: string): GitCredentials | undefined {
  const token = entry.getOptionalString('token');
  const username = entry.getOptionalString('username');
  const password = entry.getOptionalString('password') ?? entry.getOptionalString('appPassword') ?? token;
  if (password === undefined) return undefined;
  return { username: username ?? tokenUsers[kind] ?? 'git', password };
}
