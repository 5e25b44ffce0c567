// The subpath ./discovery.
export type { HostDiscoveryEndpoint } from './config';
export { OwnAddressUnknownError, SrvLookupError } from './discoveryErrors';
export { discoveryServiceFactory } from './factory';
export { HostDiscovery, type HostDiscoveryOptions } from './HostDiscovery';
export { HttpServerAddress, httpServerAddressServiceRef } from './HttpServerAddress';
export { SrvResolver, type SrvResolverOptions } from './SrvResolver';
