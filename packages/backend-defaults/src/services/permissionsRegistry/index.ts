// The subpath ./permissionsRegistry.
export { permissionsRegistryServiceFactory } from './factory';
export { PermissionRegistrationError } from './PermissionRegistrationError';
export { PermissionsRegistry } from './PermissionsRegistry';
