// GitHub: github.com and GitHub Enterprise.
import { encodePath, pathSegments, query, stringAt, type GitHost } from './GitHost';

/** URLs of the form `/<owner>/<name>[/blob|tree|raw|edit/<ref>/<path>]`. */
export const githubHost: GitHost = {
  parse(url, { baseUrl }) {
    const [owner, name, view, ref, ...path] = pathSegments(url, baseUrl) ?? [];
    if (!owner || !name || (view && (!['blob', 'tree', 'raw', 'edit'].includes(view) || !ref)))
      return undefined;
    return { repository: `${owner}/${name.replace(/\.git$/, '')}`, ref, path: path.join('/') };
  },
  authorize({ token: configured }, token = configured): Record<string, string> {
    return token ? { authorization: `Bearer ${token}` } : {};
  },
  file({ repository, ref = 'HEAD', path }, { apiBaseUrl, rawBaseUrl }, authorized) {
    // Without credentials, the API allows 60 requests per hour, and the raw host far more.
    if (rawBaseUrl && !authorized) {
      return { url: `${rawBaseUrl}/${encodePath(repository)}/${encodePath(ref)}/${encodePath(path)}` };
    }
    return {
      url: `${apiBaseUrl}/repos/${encodePath(repository)}/contents/${encodePath(path)}${query({ ref })}`,
      headers: { accept: 'application/vnd.github.raw+json' },
    };
  },
  async commit({ repository, ref = 'HEAD' }, { apiBaseUrl }, getJson) {
    const url = `${apiBaseUrl}/repos/${encodePath(repository)}/commits/${encodePath(ref)}`;
    return stringAt(await getJson(url), ['sha'], url);
  },
  archive({ repository }, commit, { apiBaseUrl }) {
    return { url: `${apiBaseUrl}/repos/${encodePath(repository)}/tarball/${encodePath(commit)}` };
  },
  archiveHasRoot: true,
  redirectHosts({ host }) {
    return host === 'github.com'
      ? [
          'codeload.github.com',
          'raw.githubusercontent.com',
          'media.githubusercontent.com',
          'objects.githubusercontent.com',
        ]
      : [`codeload.${host}`, `raw.${host}`, `media.${host}`];
  },
};
