// The interfaces of location analyzers, which examine a repository before it is registered.
import type {
  AnalyzeLocationExistingEntity,
  AnalyzeLocationRequest,
  AnalyzeLocationResponse,
} from '@backstage/plugin-catalog-common';
import type { BackstageCredentials } from '@greenroom/backend-plugin-api';

/**
 * Handles `POST /analyze-location`.
 *
 * @public
 */
export interface LocationAnalyzer {
  analyzeLocation(
    location: AnalyzeLocationRequest,
    credentials: BackstageCredentials,
  ): Promise<AnalyzeLocationResponse>;
}

/**
 * What to look for, and where.
 *
 * @public
 */
export interface AnalyzeOptions {
  url: string;
  catalogFilename?: string;
}

/**
 * Finds the entities that a repository on one kind of host already describes.
 *
 * @public
 */
export interface ScmLocationAnalyzer {
  /** Whether the analyzer supports this URL. */
  supports(url: string): boolean;
  analyze(options: AnalyzeOptions): Promise<{ existing: AnalyzeLocationExistingEntity[] }>;
}
