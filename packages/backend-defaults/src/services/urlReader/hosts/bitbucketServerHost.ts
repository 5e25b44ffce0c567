// Bitbucket Server and Data Center.
import { basic, encodePath, pathSegments, query, stringAt, type GitHost } from './GitHost';

/** URLs of the form `/projects/<key>/repos/<name>[/browse|raw/<path>?at=<ref>]`, or `/users/<name>/repos/...`. */
export const bitbucketServerHost: GitHost = {
  parse(url, { baseUrl }) {
    const [kind, owner, repos, name, view, ...path] = pathSegments(url, baseUrl) ?? [];
    if (!['projects', 'users'].includes(kind ?? '') || !owner || repos !== 'repos' || !name) return undefined;
    if (view && !['browse', 'raw', 'src'].includes(view)) return undefined;
    const project = kind === 'users' ? `~${owner}` : owner;
    const ref = url.searchParams.get('at') || undefined;
    return { repository: `${project}/${name}`, ref, path: path.join('/') };
  },
  authorize({ token: configured, username, password }, token = configured): Record<string, string> {
    if (token) return { authorization: `Bearer ${token}` };
    return username && password ? basic(username, password) : {};
  },
  file({ repository, ref, path }, { apiBaseUrl }) {
    return { url: `${repositoryUrl(apiBaseUrl, repository)}/raw/${encodePath(path)}${query({ at: ref })}` };
  },
  async commit({ repository, ref, path }, { apiBaseUrl }, getJson) {
    const url = `${repositoryUrl(apiBaseUrl, repository)}/commits${query({ until: ref, path, limit: '1' })}`;
    return stringAt(await getJson(url), ['values', 0, 'id'], url);
  },
  archive({ repository, path }, commit, { apiBaseUrl }) {
    const wanted = query({ format: 'tgz', at: commit, path });
    return { url: `${repositoryUrl(apiBaseUrl, repository)}/archive${wanted}` };
  },
  // There is such a directory only if it is requested with `prefix`.
  archiveHasRoot: false,
  redirectHosts: () => [],
};

function repositoryUrl(apiBaseUrl: string, repository: string): string {
  const [project = '', name = ''] = repository.split('/');
  return `${apiBaseUrl}/projects/${encodeURIComponent(project)}/repos/${encodeURIComponent(name)}`;
}
