// Parses and checks the Git remote that a template specifies, strips its credentials, and looks up its host.
import { resolve } from 'node:path';
import { unescape } from 'node:querystring';
import { pathToFileURL } from 'node:url';
import { InputError, NotAllowedError } from '@backstage/errors';
import type { GitCredentials } from './GitCredentials';
import type { OAuthClient } from './OAuthClient';
import type { GitProtocol, GitSettings } from './readGitSettings';

/** Where to push to. */
export interface GitRemote {
  /** Safe to pass to git, to log and to output. */
  readonly url: string;
  readonly protocol: GitProtocol;
  readonly credentials?: GitCredentials | OAuthClient;
  /** On this machine, for the protocol `file`. */
  readonly path?: string;
  /** The web page with the files of a branch, if the host is known. */
  contentsUrl(branch: string): string | undefined;
}

/** On Windows, `/C:/site.git` is `C:/site.git`. */
const beforeDrive = process.platform === 'win32' ? /^\/(?=[a-z]:)/i : '';

/** Paths relative to the web page of a repository, by kind of host. */
const contentsPaths: { readonly [kind: string]: (branch: string) => string } = {
  bitbucketCloud: branch => `/src/${branch}`,
  gitea: branch => `/src/branch/${branch}`,
  github: branch => `/blob/${branch}`,
  gitlab: branch => `/-/blob/${branch}`,
};

/**
 * Reads `https://host/path`, `ssh://git@host/path` and `git@host:path`. `given` takes precedence over credentials in
 * the URL, and those over the ones configured for the host. A URL with a user name alone is the address that some hosts
 * show to that user; only if nothing is configured, the name is sent: it may be a token.
 *
 * @throws InputError if the URL is not that of a remote; NotAllowedError if the configuration does not allow its
 * protocol, or has credentials that would be sent in plain text.
 */
export function readGitRemote(remoteUrl: string, settings: GitSettings, given?: GitCredentials): GitRemote {
  const url = parse(remoteUrl);
  const protocol = url.protocol.slice(0, -1) as GitProtocol;
  if (!settings.protocols.includes(protocol)) {
    throw new NotAllowedError(
      `Remotes with ${protocol}: are not allowed. Allowed are ${settings.protocols.join(', ')}; scaffolder.git.protocols in the configuration says so.`,
    );
  }
  const isWeb = protocol === 'https' || protocol === 'http';
  // Another port of the same machine may be somebody else's server. That of ssh is never the one of the web pages.
  const known = settings.hosts.find(({ host }) => host === (isWeb ? url.host : url.hostname));
  const inUrl = { username: unescape(url.username), password: unescape(url.password) };
  url.password = '';
  if (isWeb) url.username = '';
  const credentials = isWeb ? (given ?? choose(inUrl, known?.credentials)) : undefined;
  if (protocol === 'http' && known?.scheme === 'https' && credentials && credentials === known.credentials) {
    throw new NotAllowedError(
      `The credentials of integrations.${known.kind} for ${known.host} are not sent without encryption, which ${url} would. Use https, or set baseUrl of the integration to an http URL.`,
    );
  }
  // Resolved, because git would follow a link before it takes `..`.
  const path = protocol === 'file' ? resolve(unescape(url.pathname).replace(beforeDrive, '')) : undefined;
  return {
    url: path === undefined ? url.toString() : pathToFileURL(path).toString(),
    protocol,
    ...(credentials && { credentials }),
    ...(path !== undefined && { path }),
    contentsUrl(branch) {
      const contents =
        known && contentsPaths[known.kind]?.(encodeURIComponent(branch).replaceAll('%2F', '/'));
      if (contents === undefined || protocol === 'file') return undefined;
      const repository = url.pathname.replace(/\/$/, '').replace(/\.git$/, '');
      const scheme = protocol === 'https' ? protocol : known!.scheme;
      return `${scheme}://${known!.host}${repository}${contents}`;
    },
  };
}

function choose(inUrl: GitCredentials, configured: GitRemote['credentials']): GitRemote['credentials'] {
  if (inUrl.password) return inUrl;
  return configured ?? (inUrl.username ? inUrl : undefined);
}

function parse(remoteUrl: string): URL {
  const short = /^(?<user>[\w.-]+)@(?<host>[\w.-]+):(?<path>[^\s/][^\s]*)$/.exec(remoteUrl)?.groups;
  const text = short ? `ssh://${short.user}@${short.host}/${short.path}` : remoteUrl;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  // For git, the host of a file is the first folder of its path.
  const isFile = url?.protocol === 'file:' && url.host === '' && !url.pathname.includes('%00');
  const isRemote = url && (isFile || /^(https?|ssh):$/.test(url.protocol)) && url.pathname.length > 1;
  // ssh would take a host or user that starts with a dash for an option.
  if (!isRemote || url.hostname.startsWith('-') || url.username.startsWith('-')) {
    throw new InputError(
      `'${remoteUrl.replace(/\/\/.*@/s, '//***@').slice(0, 200)}' is not the URL of a Git remote. Use one such as https://example.com/acme/site.git or git@example.com:acme/site.git.`,
    );
  }
  url.search = '';
  url.hash = '';
  return url;
}
