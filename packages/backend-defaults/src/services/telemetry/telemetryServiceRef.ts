// The reference to what the services of a backend measure and trace themselves with.
import { createServiceRef } from '@greenroom/backend-plugin-api';
import type { Telemetry } from './Telemetry';

/**
 * The telemetry of the backend itself. Whoever depends on it finds the SDK of `backend.telemetry`, if any, already set up.
 *
 * @public
 */
export const telemetryServiceRef = createServiceRef<Telemetry>({
  id: 'greenroom.telemetry',
  scope: 'root',
  defaultFactory: async service => (await import('./factory')).createTelemetryFactory(service),
});
