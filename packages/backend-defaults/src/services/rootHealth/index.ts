// The subpath ./rootHealth.
export { rootHealthServiceFactory } from './factory';
export { HealthChecks, type HealthChecksOptions, type HealthContributor } from './HealthChecks';
export { healthChecksServiceRef } from './healthChecksServiceRef';
export { RootHealth, type HealthAnswer, type RootHealthOptions } from './RootHealth';
