// The reference to the health service.
import { createServiceRef } from './createServiceRef';
import type { HealthService } from './definitions/HealthService';

/**
 * The reference to the health service, which has one instance per plugin.
 *
 * @public
 */
export const healthServiceRef = createServiceRef<HealthService>({ id: 'greenroom.health' });
