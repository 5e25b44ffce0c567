// Gitea, and Forgejo, which has the same API.
import { basic, encodePath, pathSegments, query, stringAt, type GitHost } from './GitHost';

/** URLs of the form `/<owner>/<name>[/src|raw/branch|tag|commit/<ref>/<path>]`. */
export const giteaHost: GitHost = {
  parse(url, { baseUrl }) {
    const [owner, name, view, kind, ref, ...path] = pathSegments(url, baseUrl) ?? [];
    if (!owner || !name) return undefined;
    const viewed =
      ['src', 'raw'].includes(view ?? '') && ['branch', 'tag', 'commit'].includes(kind ?? '') && ref;
    if (view && !viewed) return undefined;
    return { repository: `${owner}/${name.replace(/\.git$/, '')}`, ref, path: path.join('/') };
  },
  authorize({ token: configured, username, password }, token): Record<string, string> {
    if (token) return { authorization: `token ${token}` };
    if (username && password) return basic(username, password);
    const secret = configured ?? password;
    return secret ? { authorization: `token ${secret}` } : {};
  },
  file({ repository, ref, path }, { apiBaseUrl }) {
    return { url: `${apiBaseUrl}/repos/${encodePath(repository)}/raw/${encodePath(path)}${query({ ref })}` };
  },
  async commit({ repository, ref, path }, { apiBaseUrl }, getJson) {
    const wanted = query({
      sha: ref,
      path,
      limit: '1',
      stat: 'false',
      verification: 'false',
      files: 'false',
    });
    const url = `${apiBaseUrl}/repos/${encodePath(repository)}/commits${wanted}`;
    return stringAt(await getJson(url), [0, 'sha'], url);
  },
  archive({ repository }, commit, { apiBaseUrl }) {
    const name = `${encodeURIComponent(commit)}.tar.gz`;
    return { url: `${apiBaseUrl}/repos/${encodePath(repository)}/archive/${name}` };
  },
  archiveHasRoot: true,
  redirectHosts: () => [],
};
