// Step 2, collect: awaits what was added, unwraps and checks it, and runs feature loaders until none are left.
import type { InternalBackendFeature, InternalFeatureLoader } from '@greenroom/backend-plugin-api/internal';
import { isPromise } from '../graph/isPromise';
import { describe, EngineError, EngineReason, readable, reasonOf } from '../errors';
import type { SourcedFactory } from '../services/selectFactories';
import { importFailed, openFeature } from './openFeature';
import type { SourcedRegistrations } from './readRegistrations';
import type { StartupReport } from './StartupReport';
import type { SpanId } from '../report/SpanRecorder';

/** What was passed to `add` or returned by a loader, with its source, which is turned into text only if a message needs it. */
export interface AddedFeature {
  readonly feature: unknown;
  readonly source: { toString(): string };
}

/** Provides the root services that a loader depends on, made from the factories known so far. */
type LoaderServices = (
  loader: InternalFeatureLoader,
  known: readonly SourcedFactory[],
  span: SpanId,
) => Promise<Record<string, unknown>>;

/** A valid feature with the loaders that it came through, so that a loader that returns itself is noticed. */
interface OpenedFeature extends AddedFeature {
  readonly feature: InternalBackendFeature;
  readonly loaders?: readonly InternalFeatureLoader[];
}

/** Turns what was added into plain features, in the same order. Never rejects: whatever went wrong is in the report. */
export async function collectFeatures(
  added: readonly AddedFeature[],
  loaderServices: LoaderServices,
  report: StartupReport,
  parent: SpanId,
) {
  const runLoader = async (loader: InternalFeatureLoader, item: OpenedFeature, known: SourcedFactory[]) => {
    const description = describeLoader(loader);
    const span = report.begin('loader', description, 'root', parent);
    try {
      const { loaders = [] } = item;
      if (loaders.includes(loader)) throw new EngineReason('it returns itself');
      const loaded: unknown = await loader.loader(await loaderServices(loader, known, span));
      if (!Array.isArray(loaded))
        throw new EngineReason(`it returned ${describe(loaded)}, not a list of features`);
      const source = { toString: () => `${item.source}, through the feature loader ${description}` };
      const found = loaded.map(feature => ({ feature, source }));
      return await openFeatures(found, [...loaders, loader], report, span);
    } catch (error) {
      const fields = { loader: description, source: String(item.source), reason: reasonOf(error) };
      report.problems.push(new EngineError('GR_LOADER_FAILED', fields, { cause: error }));
      return [];
    } finally {
      report.end(span);
    }
  };

  let items = await openFeatures(added, undefined, report, parent);
  while (items.some(({ feature }) => feature.featureType === 'loader')) {
    const { factories: known } = sorted(items);
    const expanded = items.map(async item =>
      item.feature.featureType === 'loader' ? runLoader(item.feature, item, known) : item,
    );
    items = (await Promise.all(expanded)).flat();
  }
  return sorted(items);
}

/** Describes a loader by the place where it was created, which loaders from other implementations may lack. */
export function describeLoader({ description = 'without a description' }: InternalFeatureLoader): string {
  return description;
}

function sorted(items: readonly OpenedFeature[]) {
  const registrations: SourcedRegistrations[] = [];
  const factories: SourcedFactory[] = [];
  items.forEach(item => {
    const { feature, source, loaders } = item;
    if (feature.featureType === 'registrations') registrations.push(item as SourcedRegistrations);
    else if (feature.featureType === 'service')
      factories.push({ factory: feature, source, origin: loaders ? 'loader' : 'added' });
  });
  return { registrations, factories };
}

/** Awaits promises in parallel and keeps the valid features. */
async function openFeatures(
  added: readonly AddedFeature[],
  loaders: readonly InternalFeatureLoader[] | undefined,
  report: StartupReport,
  span: SpanId,
): Promise<OpenedFeature[]> {
  const imported = added.some(isImport)
    ? await Promise.all(added.map(one => (isImport(one) ? importFeature(one, report, span) : one)))
    : added;
  const opened: OpenedFeature[] = [];
  imported.forEach(one => {
    if (one instanceof EngineError) return void report.problems.push(one);
    const feature = openFeature(one.feature, one.source);
    if (feature instanceof EngineError) report.problems.push(feature);
    // Most features are passed on unchanged.
    else if (feature === one.feature && !loaders) opened.push(one as OpenedFeature);
    else opened.push({ feature, source: one.source, loaders });
  });
  return opened;
}

function isImport({ feature }: AddedFeature): boolean {
  return typeof feature === 'object' && readable(() => isPromise(feature), false);
}

async function importFeature({ feature, source }: AddedFeature, report: StartupReport, span: SpanId) {
  const importing = report.begin('import', source, 'root', span);
  try {
    return { feature: await feature, source };
  } catch (error) {
    return importFailed(error, source);
  } finally {
    report.end(importing);
  }
}
