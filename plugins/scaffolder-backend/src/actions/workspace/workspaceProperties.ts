// The inputs of actions that render what is in the workspace already, as JSON schemas.
import { fetchProperties } from '../fetch/fetchProperties';

const { values, cookiecutterCompat, replace } = fetchProperties;

/** By name. */
export const workspaceProperties = {
  sourcePath: {
    type: 'string',
    title: 'Source',
    description: 'Where the templates are, relative to the workspace',
  },
  targetPath: fetchProperties.targetPath,
  values,
  copyWithoutTemplating: {
    type: 'array',
    items: { type: 'string' },
    title: 'Copy without templating',
    description: 'Globs of files whose contents are left as they are; names are rendered',
  },
  templateFileExtension: {
    type: ['string', 'boolean'],
    title: 'Extension of templates',
    description: 'Only files of this extension have templates in them, and they lose it; true is .njk',
  },
  cookiecutterCompat,
  replace,
} as const;
