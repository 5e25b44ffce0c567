// The interface of the configuration.
import type { Config } from '@backstage/config';

/**
 * The backend's configuration, merged from all of its sources. It follows changes of its files; `subscribe` tells of
 * them.
 */
export interface RootConfigService extends Config {}
