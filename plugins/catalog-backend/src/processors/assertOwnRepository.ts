// Keeps the placeholders of an entity within the repository that the entity is from.
import { NotAllowedError } from '@backstage/errors';
import type { GitHostKind, GitHosts } from '../config/readGitHosts';

/** What stands behind the repository, `$1`, in the URL of a file. At least two parts are the repository: a host may lie below a path. */
const views: Readonly<Record<GitHostKind, RegExp>> = {
  github: /^(.*?\/[^/]+\/[^/]+)\/(?:blob|tree|raw|edit)\//,
  // The first dash counts, wherever it stands; old URLs have none.
  gitlab: /^((?!.*\/-\/).*?\/[^/]+\/[^/]+?|.*?\/[^/]+(?=\/-\/))(?:\/-)?\/(?:blob|tree|raw|edit)\//,
  bitbucketCloud: /^(.*?\/[^/]+\/[^/]+)\/(?:src|raw)\//,
  bitbucketServer: /^(.*?\/(?:projects|users)\/[^/]+\/repos\/[^/]+)\/(?:browse|raw|src)\//,
  gitea: /^(.*?\/[^/]+\/[^/]+)\/(?:src|raw)\//,
};

/**
 * The backend may read more repositories than the author of an entity, and an entity is for everybody to see. What lies on no
 * git host is the URL reader's to allow.
 *
 * @throws a `NotAllowedError` if the target is on a git host, and not in the repository of the file at `base`
 */
export function assertOwnRepository(target: string, base: string, hosts: GitHosts): void {
  const to = new URL(target);
  const kind = hosts.get(to.host);
  if (!kind) return;
  const from = new URL(base);
  const own = from.host === to.host ? repositoryOf(from, kind) : undefined;
  if (own !== undefined && own === repositoryOf(to, kind)) return;
  throw new NotAllowedError(
    `'${target}' is not in the repository of '${base}', the only one that its placeholders may read. Put the file there.`,
  );
}

function repositoryOf({ pathname }: URL, kind: GitHostKind): string | undefined {
  return views[kind].exec(pathname)?.[1];
}
