// Chooses what analyzes locations.
import type { LocationAnalyzer } from '@greenroom/plugin-catalog-node';
import type { CatalogExtensions } from '../CatalogExtensions';
import type { GitHosts } from '../config/readGitHosts';
import { DefaultLocationAnalyzer } from './DefaultLocationAnalyzer';

/** That of a module, if one sets it. */
export async function createAnalyzer(
  extensions: CatalogExtensions,
  gitHosts: GitHosts,
): Promise<LocationAnalyzer> {
  const { locationAnalyzer, scmLocationAnalyzers } = extensions;
  if (locationAnalyzer === undefined) return new DefaultLocationAnalyzer(scmLocationAnalyzers, gitHosts);
  if (typeof locationAnalyzer !== 'function') return locationAnalyzer;
  return (await locationAnalyzer({ scmLocationAnalyzers })).locationAnalyzer;
}
