// The interface of the configuration.
import type { Config } from '@backstage/config';

/** The backend's configuration, merged from all of its sources. */
export interface RootConfigService extends Config {}
