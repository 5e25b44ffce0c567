// References to the alpha services.
import { createServiceRef } from '../services/createServiceRef';
import type { ActionsRegistryService } from './ActionsRegistryService';
import type { ActionsService } from './ActionsService';
import type { MetricsService } from './MetricsService';
import type { TracingService } from './TracingService';

/** Finds and calls actions of all plugins, see {@link ActionsService}. */
export const actionsServiceRef = createServiceRef<ActionsService>({ id: 'alpha.core.actions' });

/** Registers actions, see {@link ActionsRegistryService}. */
export const actionsRegistryServiceRef = createServiceRef<ActionsRegistryService>({
  id: 'alpha.core.actionsRegistry',
});

/** Metrics, see {@link MetricsService}. */
export const metricsServiceRef = createServiceRef<MetricsService>({ id: 'alpha.core.metrics' });

/** Tracing, see {@link TracingService}. */
export const tracingServiceRef = createServiceRef<TracingService>({ id: 'alpha.core.tracing' });
