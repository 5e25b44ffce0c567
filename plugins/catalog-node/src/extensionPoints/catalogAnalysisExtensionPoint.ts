// The extension point for location analyzers.
import { createExtensionPoint } from '@greenroom/backend-plugin-api';
import type { LocationAnalyzer, ScmLocationAnalyzer } from '../analysis/LocationAnalyzer';

/**
 * Changes how `POST /analyze-location` is answered.
 *
 * @public
 */
export interface CatalogAnalysisExtensionPoint {
  /** Replaces the analyzer; a factory gets the analyzers of single hosts that modules added. */
  setLocationAnalyzer(
    analyzerOrFactory:
      | LocationAnalyzer
      | ((options: {
          scmLocationAnalyzers: ScmLocationAnalyzer[];
        }) => Promise<{ locationAnalyzer: LocationAnalyzer }>),
  ): void;
  /** Adds an analyzer that the default one asks first. */
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
