// Parses the value of a form's repository picker: `github.com?owner=acme&repo=site`.
import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';

/** The parts that identify a repository on its host. */
export type RepoLocation = {
  host: string;
  repo: string;
  owner?: string;
  organization?: string;
  workspace?: string;
  project?: string;
};

const partNames = ['owner', 'organization', 'workspace', 'project'] as const;
type PartName = (typeof partNames)[number];

/** The parts that each kind of host requires in addition to `repo`. All other hosts require an owner. */
const neededParts: { readonly [kind: string]: readonly PartName[] } = {
  azure: ['project'],
  bitbucketCloud: ['workspace', 'project'],
  bitbucketServer: ['project'],
  gerrit: [],
};

const kindsOfKnownHosts: { readonly [host: string]: string } = {
  'bitbucket.org': 'bitbucketCloud',
  'dev.azure.com': 'azure',
  'github.com': 'github',
  'gitlab.com': 'gitlab',
};

/** Accepts the hosts configured under `integrations`, and the well-known ones. */
export class RepoUrlParser {
  readonly #kinds = new Map<string, string>(Object.entries(kindsOfKnownHosts));

  constructor(config?: Config) {
    const integrations = config?.getOptionalConfig('integrations');
    for (const kind of integrations?.keys() ?? []) {
      // Storage integrations such as `googleGcs` may be objects, and have no repositories.
      if (!Array.isArray(integrations?.getOptional(kind))) continue;
      for (const entry of integrations.getConfigArray(kind)) {
        const host = entry.getOptionalString('host')?.toLowerCase();
        if (host !== undefined) this.#kinds.set(host, kind);
      }
    }
  }

  /** @throws InputError if a part is missing or the host is unknown. */
  parse(repoUrl: unknown): RepoLocation {
    if (typeof repoUrl !== 'string' || repoUrl === '') {
      throw new InputError(`A repository URL is needed, such as 'github.com?owner=acme&repo=site'`);
    }
    const url = readUrl(repoUrl);
    const kind = this.#kinds.get(url.host);
    if (kind === undefined) {
      throw new InputError(
        `The host '${url.host}' of a repository is not known. Add it to 'integrations' in the configuration.`,
      );
    }
    const parts = partNames.map(name => [name, url.searchParams.get(name)]).filter(([, part]) => part);
    const repo = url.searchParams.get('repo') ?? '';
    const location: RepoLocation = { host: url.host, ...Object.fromEntries(parts), repo };
    // A GitLab project is identified by its number alone.
    if (kind === 'gitlab' && location.project) return location;
    const needed = [...(neededParts[kind] ?? ['owner' as const]), 'repo' as const];
    const missing = needed.filter(name => !location[name]);
    if (missing.length > 0) {
      throw new InputError(
        `The repository URL '${repoUrl}' lacks ${missing.join(' and ')}, which ${url.host} needs: ` +
          `'${url.host}?${needed.map(name => `${name}=...`).join('&')}'`,
      );
    }
    return location;
  }
}

function readUrl(repoUrl: string): URL {
  try {
    return new URL(`https://${repoUrl.replace(/^https?:\/\//, '')}`);
  } catch {
    throw new InputError(`'${repoUrl}' is not a repository URL, such as 'github.com?owner=acme&repo=site'`);
  }
}
