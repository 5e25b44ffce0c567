// The bare loop: makes only the calls that a start takes, for the same features: no checks, no report, no stop.

/** The interface of an engine. Supports only plain services, and extension points that the plugin registers. */
export const bareLoop = {
  createSpecializedBackend({ defaultServiceFactories }) {
    const features = [];
    return {
      add: feature => features.push(feature),
      start: () => start(features, new Map(defaultServiceFactories.map(each => [each.service.id, each]))),
    };
  },
};

async function start(features, factories) {
  const services = { factories, root: new Map() };
  const plugins = new Map();
  for (const feature of features) {
    for (const registration of feature.getRegistrations()) {
      const { pluginId, moduleId, extensionPoints, init } = registration;
      let plugin = plugins.get(pluginId);
      if (!plugin) plugins.set(pluginId, (plugin = { points: new Map(), modules: [], init: undefined }));
      for (const { extensionPoint, factory } of extensionPoints)
        plugin.points.set(extensionPoint.id, factory);
      if (moduleId === undefined) Object.assign(plugin, { init, id: pluginId });
      else plugin.modules.push(init);
    }
  }
  await Promise.all(Array.from(plugins.values(), plugin => startPlugin(plugin, services)));
}

async function startPlugin({ id: pluginId, points, modules, init }, { factories, root }) {
  for (const { deps, func } of modules) {
    await func(collect(deps, id => points.get(id)({ reportModuleStartupFailure() {} })));
  }
  const services = new Map([['core.pluginMetadata', { getId: () => pluginId }]]);
  await init.func(collect(init.deps, id => instance(id, factories, root, services)));
}

function instance(id, factories, root, own) {
  const known = own.get(id) ?? root.get(id);
  if (known) return known;
  const { service, deps, factory } = factories.get(id);
  const made = factory(collect(deps, dep => instance(dep, factories, root, own)));
  (service.scope === 'root' ? root : own).set(id, made);
  return made;
}

function collect(deps, get) {
  const collected = {};
  for (const name of Object.keys(deps)) collected[name] = get(deps[name].id);
  return collected;
}
