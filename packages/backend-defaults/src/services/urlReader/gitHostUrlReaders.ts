// The git host readers of this package, one class per kind, each created from its part of `integrations`.
import {
  readAllowedTargets,
  readGitHosts,
  readUrlReaderLimits,
  type GitHostSettings,
  type GitHostType,
  type UrlReaderLimits,
} from './config';
import { GitHostUrlReader, type GitHostUrlReaderOptions } from './GitHostUrlReader';
import { BitbucketClientTokens } from './hosts/BitbucketClientTokens';
import { bitbucketCloudHost } from './hosts/bitbucketCloudHost';
import { bitbucketServerHost } from './hosts/bitbucketServerHost';
import type { GitHost } from './hosts/GitHost';
import { giteaHost } from './hosts/giteaHost';
import { GithubAppTokens } from './hosts/GithubAppTokens';
import { githubHost } from './hosts/githubHost';
import { gitlabHost } from './hosts/gitlabHost';
import { UrlAllowList } from './UrlAllowList';
import type { ReaderFactory } from './urlReaderFactories';

/** Reads from github.com and GitHub Enterprise, as configured in `integrations.github`. */
export class GithubUrlReader extends GitHostUrlReader {
  static factory: ReaderFactory = readersOf('github', githubHost, GithubUrlReader);
}

/** Reads from gitlab.com and other GitLab hosts, as configured in `integrations.gitlab`. */
export class GitlabUrlReader extends GitHostUrlReader {
  static factory: ReaderFactory = readersOf('gitlab', gitlabHost, GitlabUrlReader);
}

/** Reads from bitbucket.org, as configured in `integrations.bitbucketCloud`. */
export class BitbucketCloudUrlReader extends GitHostUrlReader {
  static factory: ReaderFactory = readersOf('bitbucketCloud', bitbucketCloudHost, BitbucketCloudUrlReader);
}

/** Reads from Bitbucket Server and Data Center, as configured in `integrations.bitbucketServer`. */
export class BitbucketServerUrlReader extends GitHostUrlReader {
  static factory: ReaderFactory = readersOf('bitbucketServer', bitbucketServerHost, BitbucketServerUrlReader);
}

/** Reads from Gitea and Forgejo, as configured in `integrations.gitea`. */
export class GiteaUrlReader extends GitHostUrlReader {
  static factory: ReaderFactory = readersOf('gitea', giteaHost, GiteaUrlReader);
}

function readersOf(type: GitHostType, host: GitHost, Reader: typeof GitHostUrlReader): ReaderFactory {
  /** Every plugin creates readers, but one warning is enough. */
  const warned = new WeakSet<object>();
  return ({ config, logger, treeResponseFactory }) => {
    const limits = readUrlReaderLimits(config);
    const allowList = new UrlAllowList(readAllowedTargets(config));
    const hosts = readGitHosts(config, type);
    const names = hosts.map(settings => settings.host);
    const unused = names.flatMap((name, index) => (names.indexOf(name) < index ? [index] : []));
    if (!warned.has(config)) {
      for (const index of unused) {
        logger.warn(
          `integrations.${type}[${index}] is not used for reading, as an entry before it has the host ${names[index]} as well. ` +
            'Remove one of them.',
        );
      }
      warned.add(config);
    }
    return hosts.map(settings => {
      const tokens = tokensOf(settings, limits);
      const reader = new Reader({ type, host, settings, tokens, limits, allowList, treeResponseFactory });
      return { reader, predicate: url => reader.reads(url) };
    });
  };
}

function tokensOf(settings: GitHostSettings, limits: UrlReaderLimits): GitHostUrlReaderOptions['tokens'] {
  const { apps, baseUrl, client } = settings;
  if (client) return new BitbucketClientTokens(baseUrl, client, limits);
  return apps.length > 0 ? new GithubAppTokens(settings, limits) : undefined;
}
