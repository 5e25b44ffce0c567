// The interface of placeholders: keys such as `$text`, whose value is read from elsewhere.
import type { JsonValue } from '@backstage/types';
import type { CatalogProcessorEmit } from './CatalogProcessor';

/**
 * Reads the file behind a URL, or behind an absolute path for entities that are from a file.
 *
 * @public
 */
export type PlaceholderResolverRead = (url: string) => Promise<Buffer>;

/**
 * Makes a reference relative to `base` absolute.
 *
 * @public
 */
export type PlaceholderResolverResolveUrl = (url: string, base: string) => string;

/**
 * What a resolver works with.
 *
 * @public
 */
export interface PlaceholderResolverParams {
  /** Without the `$`. */
  key: string;
  /** What stands behind the placeholder in the document. */
  value: JsonValue;
  /** Where the document is from. */
  baseUrl: string;
  read: PlaceholderResolverRead;
  resolveUrl: PlaceholderResolverResolveUrl;
  emit: CatalogProcessorEmit;
}

/**
 * Gives the value to put in place of a placeholder.
 *
 * @public
 */
export type PlaceholderResolver = (params: PlaceholderResolverParams) => Promise<JsonValue>;
