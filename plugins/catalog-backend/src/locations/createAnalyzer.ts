// Analyzes a repository before it is registered.
import { InputError } from '@backstage/errors';
import type { LocationAnalyzer } from '@greenroom/plugin-catalog-node';
import type { CatalogExtensions } from '../CatalogExtensions';
import type { GitHosts } from '../config/readGitHosts';

/** Creates the location analyzer, or returns the one that a module has set. */
export async function createAnalyzer(
  { locationAnalyzer, scmLocationAnalyzers }: CatalogExtensions,
  gitHosts: GitHosts,
): Promise<LocationAnalyzer> {
  if (typeof locationAnalyzer === 'function') {
    return (await locationAnalyzer({ scmLocationAnalyzers })).locationAnalyzer;
  }
  return locationAnalyzer ?? createDefaultAnalyzer(scmLocationAnalyzers, gitHosts);
}

/** Returns the entities that exist at a URL, or a draft of an entity with the fields that the user has to fill in. */
function createDefaultAnalyzer(
  scmLocationAnalyzers: CatalogExtensions['scmLocationAnalyzers'],
  gitHosts: GitHosts,
): LocationAnalyzer {
  return {
    async analyzeLocation({ location, catalogFilename }) {
      const url = location.target;
      if (!URL.canParse(url)) throw new InputError(`'${url}' is not a URL`);
      const analyzer = scmLocationAnalyzers.find(candidate => candidate.supports(url));
      if (analyzer) {
        const { existing } = await analyzer.analyze({
          url,
          ...(catalogFilename !== undefined && { catalogFilename }),
        });
        if (existing.length > 0) return { existingEntityFiles: existing, generateEntities: [] };
      }
      const name = nameOf(new URL(url));
      const slug = projectSlug(new URL(url), gitHosts);
      const field = (path: string, value: string | null, description: string) => ({
        field: path,
        state: value === null ? ('needsUserInput' as const) : ('analysisSuggestedValue' as const),
        value,
        description,
      });
      return {
        existingEntityFiles: [],
        generateEntities: [
          {
            entity: {
              apiVersion: 'backstage.io/v1alpha1',
              kind: 'Component',
              metadata: { name, ...(slug && { annotations: { 'github.com/project-slug': slug } }) },
              spec: { type: 'other', lifecycle: 'unknown' },
            },
            fields: [
              field('metadata.name', name, 'Made of the last part of the URL'),
              field('spec.owner', null, 'Who owns the component: a group or a user'),
              field('spec.type', 'other', 'What the component is, such as service, website or library'),
              field('spec.lifecycle', 'unknown', 'Such as experimental, production or deprecated'),
            ],
          },
        ],
      };
    },
  };
}

/** The annotation by which plugins find a GitHub repository: `owner/repository`. */
function projectSlug({ host, pathname }: URL, gitHosts: GitHosts): string | undefined {
  if (gitHosts.get(host) !== 'github') return undefined;
  return /^\/([^/]+\/[^/]+?)(?:\.git)?(?:\/|$)/.exec(pathname)?.[1];
}

/** A valid name, from the name of the repository if there is one. */
function nameOf({ pathname, hostname }: URL): string {
  const parts = pathname.split('/').filter(part => part !== '');
  // The repository in https://host/owner/repository/...
  const part = (parts[1] ?? parts[0] ?? hostname).replace(/\.git$/, '');
  const name = part.replace(/[^a-zA-Z0-9_.-]+/g, '-').replace(/^[-_.]+/, '');
  return name.slice(0, 63).replace(/[-_.]+$/, '') || 'unnamed';
}
