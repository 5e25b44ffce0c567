// The extension point for completing what users type into forms.
import { createExtensionPoint } from '@greenroom/backend-plugin-api';

/**
 * Finds completions at a provider, such as a git host, using the user's token.
 *
 * @public
 */
export type AutocompleteHandler = (request: {
  /** What to complete, such as `repositories`. */
  resource: string;
  /** The user's token for the provider. */
  token: string;
  /** What is already known, such as the owner of the repositories. */
  context: Record<string, string>;
}) => Promise<{
  results: {
    title?: string;
    id: string;
  }[];
}>;

/**
 * Adds sources of completions.
 *
 * @public
 */
export interface ScaffolderAutocompleteExtensionPoint {
  /** Adds a source, or replaces the one with the same `id`. */
  addAutocompleteProvider(provider: { id: string; handler: AutocompleteHandler }): void;
}

/**
 * Lets modules add sources of completions. It has the ID of Backstage's extension point, so modules for Backstage's
 * scaffolder can use it.
 *
 * @public
 */
export const scaffolderAutocompleteExtensionPoint =
  createExtensionPoint<ScaffolderAutocompleteExtensionPoint>({
    id: 'scaffolder.autocomplete',
  });
