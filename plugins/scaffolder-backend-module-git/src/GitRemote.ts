// A Git remote as a template names it: checked, without credentials, and what is known of its host.
import { InputError, NotAllowedError } from '@backstage/errors';
import type { GitCredentials, GitProtocol, GitSettings } from './readGitSettings';

/** Where to push. */
export interface GitRemote {
  /** Safe to be an argument of git, to be logged and to be put out. */
  readonly url: string;
  readonly protocol: GitProtocol;
  readonly credentials?: GitCredentials;
  /** Where people see the files of a branch, if its host is a known one. */
  contentsUrl(branch: string): string | undefined;
}

/** Paths below the web page of a repository, by the kind of its host. */
const contentsPaths: { readonly [kind: string]: (branch: string) => string } = {
  bitbucketCloud: branch => `/src/${branch}`,
  gitea: branch => `/src/branch/${branch}`,
  github: branch => `/blob/${branch}`,
  gitlab: branch => `/-/blob/${branch}`,
};

/**
 * Reads `https://host/path`, `ssh://git@host/path` and `git@host:path`. `given` wins over credentials in the URL, and those
 * over the configured ones of the host.
 *
 * @throws InputError for what is no URL of a remote; NotAllowedError for a protocol that the configuration does not allow.
 */
export function readGitRemote(remoteUrl: string, settings: GitSettings, given?: GitCredentials): GitRemote {
  const url = parse(remoteUrl);
  const protocol = url.protocol.slice(0, -1) as GitProtocol;
  if (!settings.protocols.includes(protocol)) {
    throw new NotAllowedError(
      `Remotes with ${protocol}: are not allowed. Allowed are ${settings.protocols.join(', ')}; scaffolder.git.protocols in the configuration says so.`,
    );
  }
  const known = settings.hosts.find(({ host }) => host === url.host || host === url.hostname);
  const isWeb = protocol === 'https' || protocol === 'http';
  const inUrl = url.password
    ? { username: decodeURIComponent(url.username), password: decodeURIComponent(url.password) }
    : undefined;
  url.password = '';
  if (isWeb) url.username = '';
  const credentials = isWeb ? (given ?? inUrl ?? known?.credentials) : undefined;
  return {
    url: url.toString(),
    protocol,
    ...(credentials && { credentials }),
    contentsUrl(branch) {
      const path = known && contentsPaths[known.kind]?.(encodeURIComponent(branch).replaceAll('%2F', '/'));
      if (path === undefined || protocol === 'file') return undefined;
      return `https://${known!.host}${url.pathname.replace(/\.git$/, '').replace(/\/$/, '')}${path}`;
    },
  };
}

function parse(remoteUrl: string): URL {
  const short = /^(?<user>[\w.-]+)@(?<host>[\w.-]+):(?<path>[^\s/][^\s]*)$/.exec(remoteUrl)?.groups;
  const text = short ? `ssh://${short.user}@${short.host}/${short.path}` : remoteUrl;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isRemote = url && /^(https?|ssh|file):$/.test(url.protocol) && url.pathname.length > 1;
  // A host or user that begins with a dash would be an option of ssh.
  if (!isRemote || url.hostname.startsWith('-') || url.username.startsWith('-')) {
    throw new InputError(
      `'${remoteUrl.replace(/\/\/[^@/]*@/, '//***@').slice(0, 200)}' is no URL of a Git remote. Give one such as https://example.com/acme/site.git or git@example.com:acme/site.git.`,
    );
  }
  url.search = '';
  url.hash = '';
  return url;
}
