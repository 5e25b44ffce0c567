// Bitbucket Cloud: bitbucket.org.
import { basic, encodePath, pathSegments, stringAt, type GitHost } from './GitHost';

/** URLs of the form `/<workspace>/<name>[/src|raw/<ref>/<path>]`. */
export const bitbucketCloudHost: GitHost = {
  parse(url, { baseUrl }) {
    const [workspace, name, view, ref, ...path] = pathSegments(url, baseUrl) ?? [];
    if (!workspace || !name || (view && (!['src', 'raw'].includes(view) || !ref))) return undefined;
    return { repository: `${workspace}/${name.replace(/\.git$/, '')}`, ref, path: path.join('/') };
  },
  authorize({ token: configured, username, password }, token): Record<string, string> {
    if (token) return { authorization: `Bearer ${token}` };
    const secret = configured ?? password;
    if (username && secret) return basic(username, secret);
    return configured ? { authorization: `Bearer ${configured}` } : {};
  },
  file({ repository, ref = 'HEAD', path }, { apiBaseUrl }) {
    const file = `${encodePath(repository)}/src/${encodeURIComponent(ref)}/${encodePath(path)}`;
    return { url: `${apiBaseUrl}/repositories/${file}` };
  },
  async commit({ repository, ref }, { apiBaseUrl }, getJson) {
    const url = `${apiBaseUrl}/repositories/${encodePath(repository)}`;
    const branch = ref ?? stringAt(await getJson(url), ['mainbranch', 'name'], url);
    const commits = `${url}/commits/${encodeURIComponent(branch)}?pagelen=1`;
    return stringAt(await getJson(commits), ['values', 0, 'hash'], commits);
  },
  archive({ repository }, commit, { baseUrl }) {
    return { url: `${baseUrl}/${encodePath(repository)}/get/${encodeURIComponent(commit)}.tar.gz` };
  },
  archiveHasRoot: true,
  redirectHosts: ({ apiBaseUrl }) => [new URL(apiBaseUrl).host, 'bbuseruploads.s3.amazonaws.com'],
};
