// The extension point for completing what users type into forms.
import { createExtensionPoint } from '@greenroom/backend-plugin-api';

/**
 * Finds completions with the token of a user at some provider, such as a git host.
 *
 * @public
 */
export type AutocompleteHandler = (request: {
  /** What is asked for, such as `repositories`. */
  resource: string;
  /** The user's token at the provider. */
  token: string;
  /** What is known already, such as the owner of the repositories. */
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
  addAutocompleteProvider(provider: { id: string; handler: AutocompleteHandler }): void;
}

/**
 * Lets modules add sources of completions; matched by id with modules written for Backstage's scaffolder.
 *
 * @public
 */
export const scaffolderAutocompleteExtensionPoint =
  createExtensionPoint<ScaffolderAutocompleteExtensionPoint>({
    id: 'scaffolder.autocomplete',
  });
