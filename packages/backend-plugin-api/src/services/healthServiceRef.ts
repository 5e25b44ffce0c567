// The reference to the health service.
import { createServiceRef } from './createServiceRef';
import type { HealthService } from './definitions/HealthService';

/**
 * The reference of the health service, with an instance for each plugin.
 *
 * @public
 */
export const healthServiceRef = createServiceRef<HealthService>({ id: 'greenroom.health' });
