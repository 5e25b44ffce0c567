// Creates a random backend of services, plugins, modules, extension points and loaders, in which each step records its inputs.
import { ConfigReader } from '@backstage/config';
import { randomChoices } from '../lib/randomChoices.mjs';

/** The forms in which a feature can be added. */
const wrappings = [
  feature => feature,
  feature => Promise.resolve({ default: feature }),
  // As produced by CommonJS interop.
  feature => Promise.resolve({ default: { default: feature } }),
  // Features made with our contracts can be called, as in an older style.
  feature => (typeof feature === 'function' ? feature() : feature),
];

/** The ways in which a loader can return its features. */
const loaders = [
  features => () => features,
  features => async () => features,
  features =>
    function* loader() {
      yield* features;
    },
  features =>
    async function* loader() {
      yield* features;
    },
  features => () => features.map(feature => Promise.resolve({ default: feature })),
  (features, { createBackendFeatureLoader }) => {
    const half = Math.floor(features.length / 2);
    return () => [
      ...features.slice(0, half),
      createBackendFeatureLoader({ loader: () => features.slice(half) }),
    ];
  },
];

/**
 * Returns the same backend for the same seed: `defaults` are its default factories, `features` what is added to it,
 * and `steps` is filled while it runs. Each feature is created with a random one of the `contracts`. With `failing`,
 * some factories and inits fail; otherwise everything works. `policy` is the configuration under
 * `backend.startup.default`.
 */
export function randomBackend(seed, { contracts, failing, policy }) {
  const { chance, pick, below, some } = randomChoices(seed);
  const api = () => pick(contracts);
  const steps = [];

  /** Returns a function that records a step, immediately or later, and returns `value`, or throws if the step is to fail. */
  const makeStep = failures => {
    const isLater = chance(0.4);
    const fails = failing && chance(failures);
    return (step, value) => {
      const end = () => {
        steps.push(`${step}: ${value}`);
        if (fails) throw new Error(`${step} fails`);
        return value;
      };
      return isLater ? new Promise(setImmediate).then(end) : end();
    };
  };

  const { coreServices } = contracts[0];
  const added = [];
  /** What each loader returns. */
  const loaded = Array.from({ length: below(4) }, () => []);
  const defaults = basicFactories(contracts[0], policy);
  const services = [];

  function addService(nr) {
    const id = `random.s${nr}`;
    const scope = chance(0.4) ? 'root' : 'plugin';
    const multiton = chance(0.15);
    const place = pick([added, pick(loaded) ?? added, defaults, undefined]);
    // With a default factory there is no request for an instance per plugin, and nothing says whether there should be one.
    const initialization = place ? pick(['always', 'lazy', undefined]) : 'lazy';
    const needs = some(scope === 'root' ? services.filter(one => one.scope === 'root') : services, 2);
    const { createServiceFactory, createServiceRef } = api();
    const deps = {
      ...Object.fromEntries(needs.map(need => [need.id, need.ref])),
      ...(scope === 'plugin' && { plugin: coreServices.pluginMetadata }),
    };
    const makeFactory = (name = id) => {
      const [makeContext, make] = [makeStep(0), makeStep(scope === 'root' ? 0 : 0.08)];
      const hasContext = scope === 'plugin' && chance(0.3);
      return () =>
        createServiceFactory({
          service: ref,
          initialization,
          deps,
          ...(hasContext && { createRootContext: known => makeContext(`context of ${name}`, made(known)) }),
          factory: ({ plugin, ...known }, context) => {
            const owner = plugin?.getId() ?? 'root';
            return make(`${name} of ${owner}`, `${name}(${[made(known), context].filter(Boolean)})`);
          },
        });
    };
    const isFar = chance(0.5);
    const ref = createServiceRef({
      id,
      scope,
      ...(multiton && { multiton }),
      ...(!place && {
        defaultFactory: async () => {
          if (isFar) await new Promise(setImmediate);
          return factory();
        },
      }),
    });
    const factory = makeFactory();
    services.push({ id, scope, ref, isLoaded: loaded.includes(place) || needs.some(need => need.isLoaded) });
    place?.push(factory());
    // The published engine only accepts a single default factory per service.
    if (multiton && place && place !== defaults) place.push(makeFactory(`${id}-again`)());
  }

  function addPlugin(pluginId) {
    const { createBackendPlugin, createExtensionPoint } = api();
    const point = name => createExtensionPoint({ id: `${pluginId}.${name}` });
    const own = point('things');
    // A module may provide an extension point for later modules, which then wait for it.
    const points = [own];
    const features = Array.from({ length: below(4) }, (_, nr) => {
      const provides = !failing && chance(0.35) ? point(`of-${nr}`) : undefined;
      const module = makeModule(pluginId, `m${nr}`, points, provides);
      if (provides) points.push(provides);
      return module;
    });
    const [initialise, start, stop] = [makeStep(0.15), makeStep(0), makeStep(0)];
    const needs = some(services, 3);
    const plugin = createBackendPlugin({
      pluginId,
      register(env) {
        env.registerExtensionPoint(own, `things of ${pluginId}`);
        env.registerInit({
          deps: { ...refsOf(needs), lifecycle: coreServices.lifecycle },
          async init({ lifecycle, ...known }) {
            lifecycle.addStartupHook(() => start(`startup hook of ${pluginId}`));
            lifecycle.addShutdownHook(() => stop(`shutdown hook of ${pluginId}`));
            await initialise(`init of ${pluginId}`, made(known));
          },
        });
      },
    });
    for (const feature of [plugin, ...features])
      (pick(loaded) && chance(0.5) ? pick(loaded) : added).push(feature);
  }

  function makeModule(pluginId, moduleId, points, provides) {
    const initialise = makeStep(0.12);
    const needs = some(services, 2);
    const uses = some(points, 2);
    return api().createBackendModule({
      pluginId,
      moduleId,
      register(env) {
        if (provides) env.registerExtensionPoint(provides, `things of ${moduleId} of ${pluginId}`);
        env.registerInit({
          deps: { ...refsOf(needs), ...Object.fromEntries(uses.map(use => [use.id, use])) },
          async init(known) {
            await initialise(`init of ${moduleId} of ${pluginId}`, made(known));
          },
        });
      },
    });
  }

  for (let nr = below(9); nr > 0; nr--) addService(services.length);
  for (let nr = 1 + below(4); nr > 0; nr--) addPlugin(`p${nr}`);
  const features = added.map(feature => pick(wrappings)(feature));
  for (const [nr, given] of loaded.entries()) {
    const maker = api();
    const load = pick(loaders)(given, maker);
    // What a loader returns does not exist yet when loaders get their dependencies.
    const needs = some(
      services.filter(({ scope, isLoaded }) => scope === 'root' && !isLoaded),
      2,
    );
    const loader = known => {
      steps.push(`loader ${nr}: ${made(known)}`);
      return load();
    };
    const feature = maker.createBackendFeatureLoader({ deps: refsOf(needs), loader });
    features.splice(below(features.length + 1), 0, feature);
  }
  return { defaults, features, steps };
}

const refsOf = services => Object.fromEntries(services.map(({ id, ref }) => [id, ref]));

/** Describes what a consumer was given. Instances are strings that describe themselves. */
const made = known =>
  Object.keys(known)
    .sort()
    .map(name => `${name}=${known[name]}`)
    .join(' ');

/** The services that an engine itself needs. Each lifecycle runs the hooks that were added to it. */
function basicFactories({ coreServices, createServiceFactory }, policy) {
  const config = new ConfigReader({ backend: { startup: { default: policy } } });
  const logger = { error() {}, warn() {}, info() {}, debug() {}, child: () => logger };
  const provide = (service, make) => createServiceFactory({ service, deps: {}, factory: make });
  const lifecycle = () => {
    const [startup, shutdown] = [[], []];
    const run = async hooks => void (await Promise.all(hooks.map(hook => hook())));
    return {
      addStartupHook: hook => startup.push(hook),
      addBeforeShutdownHook() {},
      addShutdownHook: hook => shutdown.push(hook),
      startup: () => run(startup),
      beforeShutdown: async () => {},
      shutdown: () => run(shutdown),
    };
  };
  return [
    provide(coreServices.rootLogger, () => logger),
    provide(coreServices.logger, () => logger),
    provide(coreServices.rootConfig, () => config),
    provide(coreServices.rootLifecycle, lifecycle),
    // An instance per plugin only exists if it depends on something of the plugin.
    createServiceFactory({
      service: coreServices.lifecycle,
      deps: { plugin: coreServices.pluginMetadata },
      factory: lifecycle,
    }),
  ];
}
