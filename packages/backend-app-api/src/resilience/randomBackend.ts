// Builds backends of random services, plugins, modules and extension points, which record what they do.
import fc from 'fast-check';
import {
  coreServices,
  createBackendModule,
  createBackendPlugin,
  createExtensionPoint,
  createServiceFactory,
  createServiceRef,
  type BackendFeature,
  type ServiceRef,
} from '@greenroom/backend-plugin-api';

/** How a step goes: at once, later, or not at all. */
const behaviour = fc.oneof(
  { weight: 6, arbitrary: fc.constant('sync' as const) },
  { weight: 4, arbitrary: fc.constant('async' as const) },
  { weight: 1, arbitrary: fc.constantFrom('throws' as const, 'rejects' as const) },
);
type Behaviour = 'sync' | 'async' | 'throws' | 'rejects';

const numbers = fc.array(fc.nat(7), { maxLength: 3 });
const rarely = fc.integer({ min: 0, max: 30 }).map(nr => nr === 0);

const serviceArbitrary = fc.record({
  root: fc.boolean(),
  eager: fc.boolean(),
  does: behaviour,
  /** Numbers of services, taken among those made before it. */
  needs: numbers,
  /** Wrong on purpose: a service that nothing provides, or the service itself. */
  needsMissing: rarely,
  needsItself: rarely,
});
const moduleArbitrary = fc.record({
  does: behaviour,
  needs: numbers,
  /** Numbers of extension points: 0 is the plugin's own, others are those of its modules. */
  uses: fc.array(fc.nat(4), { maxLength: 2 }),
  provides: fc.boolean(),
  usesMissing: rarely,
});
const pluginArbitrary = fc.record({
  does: behaviour,
  hook: behaviour,
  needs: numbers,
  /** Where false, its modules are left without it. */
  installed: fc.integer({ min: 0, max: 9 }).map(nr => nr > 0),
  modules: fc.array(moduleArbitrary, { maxLength: 4 }),
});

/** What a backend is made of, as data that can be shrunk. */
export const backendArbitrary = fc.record({
  services: fc.array(serviceArbitrary, { maxLength: 6 }),
  plugins: fc.array(pluginArbitrary, { minLength: 1, maxLength: 4 }),
  onFailure: fc.constantFrom('abort', 'continue'),
});
export type RandomBackend = typeof backendArbitrary extends fc.Arbitrary<infer T> ? T : never;

/** One thing that happened: `begin service s1 of p0`. What must come before it is told by the names. */
export interface TraceEntry {
  phase: 'begin' | 'end';
  step: string;
}

/** What each step needs to have ended before it begins. */
export type Rules = Map<string, string[]>;

/** The features of a backend, the rules that its order has to keep, and a trace that fills while it runs. */
export function randomBackend({ services, plugins }: RandomBackend) {
  const trace: TraceEntry[] = [];
  const rules: Rules = new Map();
  const perform = (step: string, does: Behaviour): void | Promise<void> => {
    trace.push({ phase: 'begin', step });
    const end = () => {
      trace.push({ phase: 'end', step });
      if (does === 'throws' || does === 'rejects') throw new Error(`${step} fails`);
    };
    return does === 'sync' || does === 'throws' ? end() : Promise.resolve().then(end);
  };

  const refs: Array<ServiceRef<string, 'plugin'>> = services.map(({ root }, nr) =>
    createServiceRef<string>({ id: `test.s${nr}`, scope: (root ? 'root' : 'plugin') as 'plugin' }),
  );
  const missing = createServiceRef<string>({ id: 'test.missing' });
  const stepOf = (nr: number, owner: string) => `service s${nr} of ${services[nr]!.root ? 'root' : owner}`;
  const depsOf = (needs: readonly number[]) =>
    Object.fromEntries(needs.filter(nr => nr < refs.length).map(nr => [`s${nr}`, refs[nr]!]));
  const stepsOf = (needs: readonly number[], owner: string) =>
    needs.filter(nr => nr < refs.length).map(nr => stepOf(nr, owner));

  const features: BackendFeature[] = services.map((service, nr) => {
    // A root service may only need root services.
    const needs = service.needs.filter(other => other < nr && (!service.root || services[other]!.root));
    const owners = service.root ? ['root'] : plugins.map((_, at) => `p${at}`);
    owners.forEach(owner => rules.set(stepOf(nr, owner), stepsOf(needs, owner)));
    return createServiceFactory({
      service: refs[nr]!,
      initialization: service.eager ? 'always' : 'lazy',
      deps: {
        ...depsOf(needs),
        ...(service.needsMissing && { missing }),
        ...(service.needsItself && { itself: refs[nr]! }),
        ...(!service.root && { plugin: coreServices.pluginMetadata }),
      } as { plugin: typeof coreServices.pluginMetadata },
      factory: async ({ plugin }) => {
        await perform(stepOf(nr, plugin?.getId() ?? 'root'), service.does);
        return `s${nr}`;
      },
    });
  });

  plugins.forEach((plugin, at) => {
    const pluginId = `p${at}`;
    const points = [0, ...plugin.modules.map((_, nr) => nr + 1)].map(nr =>
      createExtensionPoint<string>({ id: `${pluginId}.point${nr}` }),
    );
    const registered = (nr: number) =>
      nr === 0 ? plugin.installed : plugin.modules[nr - 1]?.provides === true;
    const moduleStep = (nr: number) => `module m${nr} of ${pluginId}`;
    const initStep = `init of ${pluginId}`;
    const before = [...stepsOf(plugin.needs, pluginId), ...plugin.modules.map((_, nr) => moduleStep(nr))];
    rules.set(initStep, before);
    rules.set(`startup hook of ${pluginId}`, [initStep]);

    plugin.modules.forEach((module, nr) => {
      const uses = module.uses.filter(registered);
      const consumers = module.provides
        ? plugin.modules.flatMap(({ uses: used }, other) =>
            used.includes(nr + 1) ? [moduleStep(other)] : [],
          )
        : [];
      rules.set(moduleStep(nr), [...stepsOf(module.needs, pluginId), ...consumers]);
      const absent = createExtensionPoint<string>({ id: `${pluginId}.absent` });
      features.push(
        createBackendModule({
          pluginId,
          moduleId: `m${nr}`,
          register(reg) {
            if (module.provides) reg.registerExtensionPoint(points[nr + 1]!, '');
            reg.registerInit({
              deps: {
                ...depsOf(module.needs),
                ...Object.fromEntries(uses.map(used => [`x${used}`, points[used]!])),
                ...(module.usesMissing && { absent }),
              },
              init: async () => perform(moduleStep(nr), module.does),
            });
          },
        }),
      );
    });
    if (!plugin.installed) return;
    features.push(
      createBackendPlugin({
        pluginId,
        register(reg) {
          reg.registerExtensionPoint(points[0]!, '');
          reg.registerInit({
            deps: { ...depsOf(plugin.needs), lifecycle: coreServices.lifecycle },
            async init({ lifecycle }) {
              lifecycle.addShutdownHook(() => perform(`shutdown of ${pluginId}`, 'async'));
              lifecycle.addStartupHook(() => perform(`startup hook of ${pluginId}`, plugin.hook));
              await perform(initStep, plugin.does);
            },
          });
        },
      }),
    );
  });
  return { features, rules, trace };
}
