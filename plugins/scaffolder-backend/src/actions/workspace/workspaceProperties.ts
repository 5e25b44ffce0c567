// The inputs of actions that render files of the workspace, as JSON schemas.
import { fetchProperties, skeletonProperties } from '../fetch/fetchProperties';

const { values, cookiecutterCompat, replace } = fetchProperties;

/** Indexed by input name. */
export const workspaceProperties = {
  sourcePath: {
    type: 'string',
    title: 'Source',
    description: 'Where the templates are, relative to the workspace',
  },
  targetPath: fetchProperties.targetPath,
  values,
  ...skeletonProperties,
  cookiecutterCompat,
  replace,
} as const;
