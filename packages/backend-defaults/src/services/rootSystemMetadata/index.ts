// The subpath ./rootSystemMetadata.
export { DefaultRootSystemMetadataService } from './DefaultRootSystemMetadataService';
export { rootSystemMetadataServiceFactory } from './factory';
