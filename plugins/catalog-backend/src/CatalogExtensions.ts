// Collects what modules add to the catalog before it starts.
import type { Validators } from '@backstage/catalog-model';
import type { CatalogModelSource } from '@backstage/catalog-model/alpha';
import { ConflictError } from '@backstage/errors';
import type {
  CatalogAnalysisExtensionPoint,
  CatalogEntityKindsExtensionPoint,
  CatalogLocationsExtensionPoint,
  CatalogProcessingExtensionPoint,
  CatalogProcessor,
  CatalogProcessorParser,
  EntityKindDefinition,
  EntityProvider,
  PlaceholderResolver,
  ScmLocationAnalyzer,
} from '@greenroom/plugin-catalog-node';
import type { CatalogModelExtensionPoint } from '@greenroom/plugin-catalog-node/alpha';
import { RefusalObservers } from './ingestion/RefusalObservers';

type SetLocationAnalyzer = Parameters<CatalogAnalysisExtensionPoint['setLocationAnalyzer']>[0];

/** One object per catalog. Its `...Point` properties are the implementations of the extension points. */
export class CatalogExtensions {
  readonly kinds: EntityKindDefinition[] = [];
  readonly modelSources: CatalogModelSource[] = [];
  readonly processors: CatalogProcessor[] = [];
  readonly providers: EntityProvider[] = [];
  readonly placeholders = new Map<string, PlaceholderResolver>();
  readonly scmLocationAnalyzers: ScmLocationAnalyzer[] = [];
  readonly observers = new RefusalObservers();
  allowedLocationTypes: readonly string[] = ['url', 'file'];
  locationAnalyzer: SetLocationAnalyzer | undefined;
  fieldValidators: Partial<Validators> | undefined;
  parser: CatalogProcessorParser | undefined;

  readonly kindsPoint: CatalogEntityKindsExtensionPoint = {
    addEntityKind: (...kinds) => void this.kinds.push(...kinds),
  };

  readonly processingPoint: CatalogProcessingExtensionPoint = {
    addProcessor: (...processors) =>
      addUnique(this.processors, processors.flat(), nameOfProcessor, 'processor'),
    addEntityProvider: (...providers) =>
      addUnique(this.providers, providers.flat(), nameOfProvider, 'entity provider'),
    addPlaceholderResolver: (key, resolver) => void this.placeholders.set(key, resolver),
    setOnProcessingErrorHandler: handler =>
      setOnce(this.observers, 'onProcessingError', handler, 'processing error handler'),
  };

  readonly locationsPoint: CatalogLocationsExtensionPoint = {
    setAllowedLocationTypes: types => void (this.allowedLocationTypes = [...types]),
  };

  readonly analysisPoint: CatalogAnalysisExtensionPoint = {
    setLocationAnalyzer: analyzer => setOnce(this, 'locationAnalyzer', analyzer, 'location analyzer'),
    addScmLocationAnalyzer: analyzer => void this.scmLocationAnalyzers.push(analyzer),
  };

  readonly modelPoint: CatalogModelExtensionPoint = {
    setFieldValidators: validators => setOnce(this, 'fieldValidators', validators, 'set of field validators'),
    setEntityDataParser: parser => setOnce(this, 'parser', parser, 'entity data parser'),
    addModelSource: source => void this.modelSources.push(source),
  };
}

const nameOfProcessor = (processor: CatalogProcessor) => processor.getProcessorName();
const nameOfProvider = (provider: EntityProvider) => provider.getProviderName();

function addUnique<T>(list: T[], added: readonly T[], nameOf: (item: T) => string, what: string): void {
  for (const item of added) {
    const name = nameOf(item);
    if (list.some(known => nameOf(known) === name)) {
      throw new ConflictError(
        `The catalog already has the ${what} '${name}': two modules add it; remove one of them`,
      );
    }
    list.push(item);
  }
}

function setOnce<T, TKey extends keyof T>(target: T, key: TKey, value: T[TKey], what: string): void {
  if (target[key] !== undefined) {
    throw new ConflictError(`The catalog already has a ${what}: two modules set one; remove one of them`);
  }
  target[key] = value;
}
