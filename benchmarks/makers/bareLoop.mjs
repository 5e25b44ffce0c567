// The bare loop: makes the calls that starting a backend takes, over the same features, and does nothing else.

/** An engine's face without an engine. Knows plain services without dependencies, and extension points; checks nothing. */
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
  const plugins = new Map();
  for (const feature of features) {
    for (const registration of feature.getRegistrations()) {
      const { pluginId, moduleId, extensionPoints, init } = registration;
      let plugin = plugins.get(pluginId);
      if (!plugin) plugins.set(pluginId, (plugin = { points: new Map(), modules: [], init: undefined }));
      for (const { extensionPoint, factory } of extensionPoints)
        plugin.points.set(extensionPoint.id, factory);
      if (moduleId === undefined) plugin.init = init;
      else plugin.modules.push(init);
    }
  }
  await Promise.all(Array.from(plugins.values(), plugin => startPlugin(plugin, factories)));
}

async function startPlugin({ points, modules, init }, factories) {
  for (const { deps, func } of modules) {
    await func(collect(deps, id => points.get(id)({ reportModuleStartupFailure() {} })));
  }
  const services = new Map();
  await init.func(
    collect(init.deps, id => {
      if (!services.has(id)) services.set(id, factories.get(id).factory({}));
      return services.get(id);
    }),
  );
}

function collect(deps, get) {
  const collected = {};
  for (const name of Object.keys(deps)) collected[name] = get(deps[name].id);
  return collected;
}
