// Reads of `integrations` which hosts are git hosts, and of which kind.
import type { Config } from '@backstage/config';

/** The kinds of which the pages are known on which people see and edit files. */
export type GitHostKind = 'github' | 'gitlab' | 'bitbucketCloud' | 'bitbucketServer' | 'gitea';

/** By host as it is in URLs, with the port if it is not the default one. */
export type GitHosts = ReadonlyMap<string, GitHostKind>;

const publicHosts: Readonly<Record<GitHostKind, string | undefined>> = {
  github: 'github.com',
  gitlab: 'gitlab.com',
  bitbucketCloud: 'bitbucket.org',
  bitbucketServer: undefined,
  gitea: undefined,
};

/** Public hosts are there without being configured. */
export function readGitHosts(config: Config): GitHosts {
  const hosts = new Map<string, GitHostKind>();
  for (const [kind, known] of Object.entries(publicHosts) as Array<[GitHostKind, string | undefined]>) {
    if (known) hosts.set(known, kind);
    for (const entry of config.getOptionalConfigArray(`integrations.${kind}`) ?? []) {
      const host = entry.getOptionalString('host')?.toLowerCase();
      if (host !== undefined) hosts.set(host, kind);
    }
  }
  return hosts;
}
