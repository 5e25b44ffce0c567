// The extension point for location analyzers.
import { createExtensionPoint } from '@greenroom/backend-plugin-api';
import type { LocationAnalyzer, ScmLocationAnalyzer } from '../analysis/LocationAnalyzer';

/**
 * Changes how `POST /analyze-location` is handled.
 *
 * @public
 */
export interface CatalogAnalysisExtensionPoint {
  /**
   * Replaces the analyzer. A factory receives the analyzers of single hosts that modules have added. A second call
   * throws a `ConflictError`.
   */
  setLocationAnalyzer(
    analyzerOrFactory:
      | LocationAnalyzer
      | ((options: {
          scmLocationAnalyzers: ScmLocationAnalyzer[];
        }) => Promise<{ locationAnalyzer: LocationAnalyzer }>),
  ): void;
  /** Adds an analyzer. The default analyzer first asks the first one that supports the URL. */
  addScmLocationAnalyzer(analyzer: ScmLocationAnalyzer): void;
}

/**
 * Lets modules analyze locations.
 *
 * @public
 */
export const catalogAnalysisExtensionPoint = createExtensionPoint<CatalogAnalysisExtensionPoint>({
  id: 'catalog.analysis',
});
