// Small, real services for backends in tests, and in programs that run without a test runner.
import { coreServices, type RootLifecycleService, type ServiceFactory } from '@greenroom/backend-plugin-api';
import { lifecycleHooksKey, type LifecycleHook } from '@greenroom/backend-plugin-api/internal';
import { provide } from '@greenroom/testing';

/** A lifecycle service that keeps its hooks where the engine looks for them. */
function hookList(): RootLifecycleService {
  const hooks = {
    startup: [] as LifecycleHook[],
    beforeShutdown: [] as LifecycleHook[],
    shutdown: [] as LifecycleHook[],
    enter: (phase: string) => void entered.add(phase),
  };
  const entered = new Set<string>();
  const adder = (phase: 'startup' | 'beforeShutdown' | 'shutdown') => (run: LifecycleHook['run']) => {
    if (entered.has(phase)) throw new Error(`Too late for a ${phase} hook`);
    hooks[phase].push({ run });
  };
  return Object.assign(
    {
      addStartupHook: adder('startup'),
      addBeforeShutdownHook: adder('beforeShutdown'),
      addShutdownHook: adder('shutdown'),
    },
    { [lifecycleHooksKey]: hooks },
  );
}

export const lifecycleFactories: readonly ServiceFactory[] = [
  provide(coreServices.lifecycle, hookList),
  provide(coreServices.rootLifecycle, hookList),
];
