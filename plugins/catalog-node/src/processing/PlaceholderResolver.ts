// The interface of placeholders: keys such as `$text`, whose value is read from elsewhere.
import type { JsonValue } from '@backstage/types';
import type { CatalogProcessorEmit } from './CatalogProcessor';

/**
 * Reads the file at a URL, or at an absolute path for entities that come from a file.
 *
 * @public
 */
export type PlaceholderResolverRead = (url: string) => Promise<Buffer>;

/**
 * Resolves a reference that is relative to `base`.
 *
 * @public
 */
export type PlaceholderResolverResolveUrl = (url: string, base: string) => string;

/**
 * What a resolver receives.
 *
 * @public
 */
export interface PlaceholderResolverParams {
  /** The name of the placeholder, without the `$`. */
  key: string;
  /** The value of the placeholder in the document. */
  value: JsonValue;
  /** The URL or path of the document. */
  baseUrl: string;
  read: PlaceholderResolverRead;
  resolveUrl: PlaceholderResolverResolveUrl;
  emit: CatalogProcessorEmit;
}

/**
 * Returns the value that replaces a placeholder.
 *
 * @public
 */
export type PlaceholderResolver = (params: PlaceholderResolverParams) => Promise<JsonValue>;
