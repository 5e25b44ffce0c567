// Restricts the placeholders of an entity to the repository that the entity comes from.
import { NotAllowedError } from '@backstage/errors';
import type { GitHostKind, GitHosts } from '../config/readGitHosts';

/**
 * What follows the repository, `$1`, in the URL of a file. A repository has at least two segments, because the host
 * may have a path prefix.
 */
const views: Readonly<Record<GitHostKind, RegExp>> = {
  github: /^(.*?\/[^/]+\/[^/]+)\/(?:blob|tree|raw|edit)\//,
  // The first `/-/` counts, wherever it is. Old URLs have none.
  gitlab: /^((?!.*\/-\/).*?\/[^/]+\/[^/]+?|.*?\/[^/]+(?=\/-\/))(?:\/-)?\/(?:blob|tree|raw|edit)\//,
  bitbucketCloud: /^(.*?\/[^/]+\/[^/]+)\/(?:src|raw)\//,
  bitbucketServer: /^(.*?\/(?:projects|users)\/[^/]+\/repos\/[^/]+)\/(?:browse|raw|src)\//,
  gitea: /^(.*?\/[^/]+\/[^/]+)\/(?:src|raw)\//,
};

/**
 * The backend may be able to read more repositories than the author of an entity, and entities are public. Outside of
 * git hosts, the URL reader service decides what may be read.
 *
 * @throws a `NotAllowedError` if the target is on a git host but not in the same repository as `base`
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
  // The URL reader service decodes segments before it looks for the dash.
  return views[kind].exec(pathname.replace(/%2d/gi, '-'))?.[1];
}
