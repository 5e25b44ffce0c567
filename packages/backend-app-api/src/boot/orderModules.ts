// Decides which modules of a plugin wait for which: a provider of an extension point waits for all of its consumers.
import { EngineError } from '../errors';
import { findCycles } from '../graph/DependencyGraph';
import type { Part } from './Part';

/** Sets the order of a plugin's modules. A cycle blocks all modules in it, so it is reported once, on the plugin. */
export function orderModules(plugin: Part): void {
  const { modules, pluginId } = plugin;
  const providers = new Map(modules.map((module, at) => [module, at]));
  const order: number[][] = modules.map(() => []);
  modules.forEach(({ uses }, consumer) => {
    for (const { point } of uses) {
      const provider = providers.get(point.registeredBy);
      if (provider !== undefined) order[provider]!.push(consumer);
    }
  });
  plugin.moduleOrder = order;
  for (const cycle of findCycles(order)) {
    plugin.addProblem(new EngineError('GR_MODULE_CYCLE', { pluginId, cycle: wordCycle(cycle, modules) }));
  }
}

/** Names each link with its extension point: `'a' (added at ...) waits through 'x'`. */
function wordCycle(cycle: readonly number[], modules: readonly Part[]): string[] {
  const links = cycle.map((at, position) => {
    const provider = modules[at]!;
    const consumer = modules[cycle[position + 1] ?? cycle[0]!]!;
    const use = consumer.uses.find(({ point }) => point.registeredBy === provider);
    return `'${provider.id}' (added at ${provider.source}) waits through '${use!.point.id}'`;
  });
  return [...links, `'${modules[cycle[0]!]!.id}'`];
}
