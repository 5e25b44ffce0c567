// The reference of what the services of a backend measure and trace themselves with.
import { createServiceRef } from '@greenroom/backend-plugin-api';
import type { Telemetry } from './Telemetry';

/**
 * The telemetry of the backend itself. Who depends on it can rely on an SDK that `backend.telemetry` switches on being there.
 *
 * @public
 */
export const telemetryServiceRef = createServiceRef<Telemetry>({
  id: 'greenroom.telemetry',
  scope: 'root',
  defaultFactory: async service => (await import('./factory')).createTelemetryFactory(service),
});
