// Reads the configuration: the only place that knows its keys.
import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';

/** The kinds of remotes. */
export type GitProtocol = 'https' | 'ssh' | 'http' | 'file';

/** What to say when a remote asks who is there. */
export interface GitCredentials {
  readonly username: string;
  readonly password: string;
}

/** A host of `integrations`. */
export interface GitHost {
  /** `github`, `gitlab`, ... */
  readonly kind: string;
  readonly host: string;
  readonly credentials?: GitCredentials;
}

/** How the action works where the template does not say. */
export interface GitSettings {
  readonly author: { readonly name: string; readonly email: string };
  readonly message: string;
  readonly protocols: readonly GitProtocol[];
  readonly hosts: readonly GitHost[];
}

const allProtocols: readonly string[] = ['https', 'ssh', 'http', 'file'];
/** The user names that go with tokens. */
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

/** @throws InputError for a protocol that there is not. */
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
    // Storage, such as `googleGcs`, may be an object, and has no repositories.
    if (!Array.isArray(integrations?.getOptional(kind))) continue;
    for (const entry of integrations.getConfigArray(kind)) {
      const host = entry.getOptionalString('host')?.toLowerCase() ?? knownHosts[kind];
      if (host === undefined) continue;
      const credentials = readCredentials(entry, kind);
      hosts.push({ kind, host, ...(credentials && { credentials }) });
    }
  }
  for (const [kind, host] of Object.entries(knownHosts)) {
    if (!hosts.some(known => known.host === host)) hosts.push({ kind, host });
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
