// The subpath ./permissions.
export { permissionsServiceFactory } from './factory';
export { PermissionsClient, type PermissionsClientOptions } from './PermissionsClient';
export { PermissionRequestError } from './PermissionRequestError';
