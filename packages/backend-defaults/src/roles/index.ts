// The subpath ./roles.
export { createRoleLoader, type FeatureImport } from './createRoleLoader';
export { RoleUnknownError } from './RoleUnknownError';
