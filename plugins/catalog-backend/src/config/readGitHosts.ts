// Reads the git hosts and their kinds from `integrations`.
import type { Config } from '@backstage/config';

/** The kinds of hosts whose web pages for viewing and editing files are known. */
export type GitHostKind = 'github' | 'gitlab' | 'bitbucketCloud' | 'bitbucketServer' | 'gitea';

/** By host as it appears in URLs: in lower case, ASCII only, with its port unless that is the default. */
export type GitHosts = ReadonlyMap<string, GitHostKind>;

const publicHosts: Readonly<Record<GitHostKind, string | undefined>> = {
  github: 'github.com',
  gitlab: 'gitlab.com',
  bitbucketCloud: 'bitbucket.org',
  bitbucketServer: undefined,
  gitea: undefined,
};

/** Includes the public hosts even if they are not configured. */
export function readGitHosts(config: Config): GitHosts {
  const hosts = new Map<string, GitHostKind>();
  for (const [kind, known] of Object.entries(publicHosts) as Array<[GitHostKind, string | undefined]>) {
    if (known) hosts.set(known, kind);
    for (const entry of config.getOptionalConfigArray(`integrations.${kind}`) ?? []) {
      const host = entry.getOptionalString('host');
      // The URL reader service refuses any other.
      if (host !== undefined && URL.canParse(`https://${host}`)) {
        hosts.set(new URL(`https://${host}`).host, kind);
      }
    }
  }
  return hosts;
}
