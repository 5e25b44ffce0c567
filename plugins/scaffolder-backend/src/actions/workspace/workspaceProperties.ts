// The inputs of actions that render what is in the workspace already, as JSON schemas.
import { fetchProperties, skeletonProperties } from '../fetch/fetchProperties';

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
  ...skeletonProperties,
  cookiecutterCompat,
  replace,
} as const;
