// Step 2, collect: awaits what was added, unwraps it, checks it, and runs feature loaders until only plugins, modules and factories are left.
import type {
  InternalBackendFeature,
  InternalFeatureLoader,
  InternalRegistrationsFeature,
} from '@greenroom/backend-plugin-api/internal';
import { isPromise } from '../graph/isPromise';
import { describe, EngineError, EngineReason, reasonOf } from '../errors';
import type { ServiceOrigin, SourcedFactory } from '../services/selectFactories';
import { checkFeature, unwrapFeature } from './checkFeature';
import type { StartupReport } from './StartupReport';
import type { SpanId } from '../report/SpanRecorder';

/** What came in through `add`, or out of a loader, and where from. Worded only if a message needs it. */
export interface AddedFeature {
  readonly feature: unknown;
  readonly source: { toString(): string };
}

/** A plugin's or module's feature, with where it was added. */
export interface SourcedRegistrations {
  readonly feature: InternalRegistrationsFeature;
  readonly source: { toString(): string };
}

/** All that was added, with no promise and no loader left. */
export interface CollectedFeatures {
  readonly registrations: readonly SourcedRegistrations[];
  readonly factories: readonly SourcedFactory[];
  readonly problems: readonly EngineError[];
}

/** Gives a loader the root services it depends on, made from the factories known so far. */
export type LoaderServices = (
  loader: InternalFeatureLoader,
  known: readonly SourcedFactory[],
  span: SpanId,
) => Promise<Record<string, unknown>>;

interface Item {
  readonly feature: InternalBackendFeature;
  readonly source: { toString(): string };
  readonly origin: ServiceOrigin;
  /** The loaders through which the feature came, to notice one that returns itself. */
  readonly loaders: readonly InternalFeatureLoader[];
}

/** Turns what was added into plain features, in the order in which it was added. Never rejects: what went wrong is in `problems`. */
export async function collectFeatures(
  added: readonly AddedFeature[],
  loaderServices: LoaderServices,
  report: StartupReport,
  parent: SpanId,
): Promise<CollectedFeatures> {
  const problems: EngineError[] = [];
  let items = await openFeatures(added, 'added', [], problems);

  while (items.some(item => item.feature.featureType === 'loader')) {
    const known = items.flatMap(asFactory);
    const expanded = items.map(async item =>
      item.feature.featureType === 'loader'
        ? runLoader(item.feature, item, known, loaderServices, report, parent, problems)
        : [item],
    );
    items = (await Promise.all(expanded)).flat();
  }

  const registrations: SourcedRegistrations[] = [];
  const factories: SourcedFactory[] = [];
  for (const item of items) {
    if (holdsRegistrations(item)) registrations.push(item);
    else factories.push(...asFactory(item));
  }
  return { registrations, factories, problems };
}

/** Awaits promises in parallel and keeps the features that are sound. */
async function openFeatures(
  added: readonly AddedFeature[],
  origin: ServiceOrigin,
  loaders: readonly InternalFeatureLoader[],
  problems: EngineError[],
): Promise<Item[]> {
  const values = added.some(({ feature }) => isPromise(feature))
    ? await Promise.all(added.map(one => importFeature(one, problems)))
    : added.map(one => one.feature);

  const items: Item[] = [];
  values.forEach((value, at) => {
    if (value === failed) return;
    const { source } = added[at]!;
    const checked = checkFeature(unwrapFeature(value), source);
    if (checked instanceof EngineError) problems.push(checked);
    else items.push({ feature: checked, source, origin, loaders });
  });
  return items;
}

const failed = Symbol('failed');

async function importFeature({ feature, source }: AddedFeature, problems: EngineError[]): Promise<unknown> {
  try {
    return await feature;
  } catch (error) {
    const fields = { source: String(source), reason: reasonOf(error) };
    problems.push(new EngineError('GR_FEATURE_IMPORT_FAILED', fields, { cause: error }));
    return failed;
  }
}

async function runLoader(
  loader: InternalFeatureLoader,
  item: Item,
  known: readonly SourcedFactory[],
  loaderServices: LoaderServices,
  report: StartupReport,
  parent: SpanId,
  problems: EngineError[],
): Promise<Item[]> {
  const span = report.begin('loader', loader.description, 'root', parent);
  try {
    if (item.loaders.includes(loader)) throw new EngineReason('it returns itself');
    const deps = loader.deps ? await loaderServices(loader, known, span) : {};
    const loaded: unknown = await loader.loader(deps);
    if (!Array.isArray(loaded))
      throw new EngineReason(`it returned ${describe(loaded)}, not a list of features`);
    const source = { toString: () => `${item.source}, through the feature loader ${loader.description}` };
    return await openFeatures(
      loaded.map(feature => ({ feature, source })),
      'loader',
      [...item.loaders, loader],
      problems,
    );
  } catch (error) {
    const fields = { loader: loader.description, source: String(item.source), reason: reasonOf(error) };
    problems.push(new EngineError('GR_LOADER_FAILED', fields, { cause: error }));
    return [];
  } finally {
    report.end(span);
  }
}

function holdsRegistrations(item: Item): item is Item & SourcedRegistrations {
  return item.feature.featureType === 'registrations';
}

function asFactory({ feature, source, origin }: Item): SourcedFactory[] {
  return feature.featureType === 'service' ? [{ factory: feature, source, origin }] : [];
}
