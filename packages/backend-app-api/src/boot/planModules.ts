// Plans the modules of one plugin: what each consumes, and which must wait for which.
import { EngineError } from '../errors';
import { findCycles, type Edges } from '../graph/DependencyGraph';
import type { ExtensionPointPlan, ModulePlan } from './BackendPlan';
import { duplicate, linkInit, type PlanContext } from './linkInit';
import { missingExtensionPoint } from './planExtensionPoints';
import type { Registered } from './readRegistrations';

type WritableModule = ModulePlan & { problems: EngineError[] };
type Consumed = { name: string; point: ExtensionPointPlan };

/** Shared by all modules that use no extension point. */
const nothingConsumed: Consumed[] = [];

/** A module that provides an extension point waits for all modules that consume it. */
export function planModules(
  pluginId: string,
  declared: readonly Registered[],
  points: ReadonlyMap<string, ExtensionPointPlan>,
  context: PlanContext,
  pluginProblems: EngineError[],
): { modules: readonly ModulePlan[]; moduleOrder?: Edges } {
  const byId = new Map<string, WritableModule>();
  const modules: WritableModule[] = [];
  for (const one of declared) {
    const twin = byId.get(one.moduleId!);
    if (twin) {
      twin.problems.push(duplicate('GR_MODULE_DUPLICATE', twin.declared, one));
      continue;
    }
    const module = planModule(one, points, context);
    byId.set(module.id, module);
    modules.push(module);
  }

  const moduleOrder = orderModules(modules);
  for (const cycle of moduleOrder ? findCycles(moduleOrder) : []) {
    // A cycle stops all of its modules, so it is reported once, on their plugin.
    pluginProblems.push(new EngineError('GR_MODULE_CYCLE', { pluginId, cycle: wordCycle(cycle, modules) }));
  }
  return { modules, moduleOrder };
}

function planModule(
  declared: Registered,
  points: ReadonlyMap<string, ExtensionPointPlan>,
  context: PlanContext,
): WritableModule {
  const problems: EngineError[] = [];
  let extensionPoints = nothingConsumed;
  const services = linkInit(declared, context, problems, (name, id) => {
    const point = points.get(id);
    if (!point) problems.push(missingExtensionPoint(declared, id, context.index));
    else if (extensionPoints === nothingConsumed) extensionPoints = [{ name, point }];
    else extensionPoints.push({ name, point });
  });
  return { id: declared.moduleId!, declared, services, problems, extensionPoints };
}

/** `undefined` where no module provides an extension point, so that none waits. */
function orderModules(modules: readonly ModulePlan[]): Edges | undefined {
  const providers = new Map<string, number>();
  modules.forEach(({ declared }, at) => {
    for (const { extensionPoint } of declared.extensionPoints) providers.set(extensionPoint.id, at);
  });
  if (providers.size === 0) return undefined;
  const order: number[][] = modules.map(() => []);
  modules.forEach(({ extensionPoints }, consumer) => {
    for (const { point } of extensionPoints) {
      const provider = providers.get(point.id);
      if (provider !== undefined) order[provider]!.push(consumer);
    }
  });
  return order;
}

/** Each link with the extension point that makes it: `'a' provides 'x' to 'b'`. */
function wordCycle(cycle: readonly number[], modules: readonly ModulePlan[]): string[] {
  return [...cycle, cycle[0]!].map((at, position) => {
    const { id, declared } = modules[at]!;
    const next = cycle[position];
    if (next === undefined || position >= cycle.length) return `'${id}'`;
    const consumer = modules[cycle[position + 1] ?? cycle[0]!]!;
    const link = consumer.extensionPoints.find(({ point }) => point.registeredBy === declared);
    return `'${id}' (added at ${declared.source}) waits through '${link?.point.id}'`;
  });
}
