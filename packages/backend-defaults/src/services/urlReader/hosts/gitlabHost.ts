// GitLab: gitlab.com and self-managed instances.
import { pathSegments, query, stringAt, type GitHost } from './GitHost';

/** URLs of the form `/<group>/.../<name>[/-/blob|tree|raw|edit/<ref>/<path>]`. Old ones lack the dash. */
export const gitlabHost: GitHost = {
  parse(url, { baseUrl }) {
    const segments = pathSegments(url, baseUrl) ?? [];
    const dash = segments.indexOf('-');
    const isView = (segment: string) => ['blob', 'tree', 'raw', 'edit'].includes(segment);
    // A repository has at least one group before its name, so either of them may be named like a view.
    const old = segments.findIndex((segment, index) => index >= 2 && isView(segment));
    const view = dash < 0 ? old : dash + 1;
    const end = dash < 0 ? old : dash;
    const repository = (end < 0 ? segments : segments.slice(0, end)).join('/').replace(/\.git$/, '');
    if (!repository.includes('/')) return undefined;
    if (end < 0) return { repository, path: '' };
    const ref = segments[view + 1];
    if (!isView(segments[view] ?? '') || !ref) return undefined;
    return { repository, ref, path: segments.slice(view + 2).join('/') };
  },
  authorize({ token: configured }, token = configured): Record<string, string> {
    return token ? { authorization: `Bearer ${token}` } : {};
  },
  file({ repository, ref = 'HEAD', path }, { apiBaseUrl }) {
    const file = `repository/files/${encodeURIComponent(path)}/raw${query({ ref })}`;
    return { url: `${apiBaseUrl}/projects/${encodeURIComponent(repository)}/${file}` };
  },
  async commit({ repository, ref, path }, { apiBaseUrl }, getJson) {
    const project = `${apiBaseUrl}/projects/${encodeURIComponent(repository)}`;
    const url = `${project}/repository/commits${query({ ref_name: ref, path, per_page: '1' })}`;
    return stringAt(await getJson(url), [0, 'id'], url);
  },
  archive({ repository, path }, commit, { apiBaseUrl }) {
    const project = `${apiBaseUrl}/projects/${encodeURIComponent(repository)}`;
    return { url: `${project}/repository/archive.tar.gz${query({ sha: commit, path })}` };
  },
  archiveHasRoot: true,
  redirectHosts: () => [],
};
