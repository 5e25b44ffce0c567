// Builds the processing pipeline from the configuration and from what modules have added.
import { createHash } from 'node:crypto';
import { dirname, resolve } from 'node:path';
import type { JsonObject } from '@backstage/types';
import type { CatalogExtensions } from './CatalogExtensions';
import type { CatalogServices } from './catalogServices';
import type { ConfiguredLocation } from './config/readCatalogLocations';
import type { CatalogSettings } from './config/readCatalogSettings';
import { readGitHosts } from './config/readGitHosts';
import { parseEntityFile } from './ingestion/parseEntityFile';
import { isObject } from './jsonShapes';
import { CatalogRules } from './locations/CatalogRules';
import { type PipelineOptions, ProcessingPipeline } from './processing/ProcessingPipeline';
import { builtInPlaceholders } from './processors/builtInPlaceholders';
import { FileReader } from './processors/FileReader';
import { literalFolder } from './processors/literalFolder';
import { UrlReader } from './processors/UrlReader';
import type { EntityKinds } from './validation/EntityKinds';
import { EntityValidator } from './validation/EntityValidator';

const DEFAULT_PRIORITY = 20;
/** Has to be incremented whenever processing produces different results for the same entity. */
const VERSION = 3;

export interface BuildPipelineOptions extends Pick<CatalogServices, 'config' | 'urlReader'> {
  readonly settings: CatalogSettings;
  readonly locations: readonly ConfiguredLocation[];
  readonly extensions: CatalogExtensions;
  readonly kinds: EntityKinds;
  /** Files below this folder, and below those of configured file locations, may be read. */
  readonly directory: string;
}

/** Returns the pipeline, a variant that does not follow Locations, and a fingerprint of its setup. */
export function buildPipeline(options: BuildPipelineOptions) {
  const { config, settings, locations, extensions, kinds, urlReader, directory } = options;
  const rules = CatalogRules.fromConfig(
    config,
    locations.map(({ spec }) => spec),
  );
  const gitHosts = readGitHosts(config);
  const urls = new UrlReader(urlReader, gitHosts);
  const pipelineOptions: PipelineOptions = {
    processors: sortProcessors(extensions.processors, settings),
    readers: [
      new FileReader([directory, ...locations.flatMap(folderOf), ...watchedFolders(config, directory)]),
      urls,
    ],
    parser: extensions.parser ?? parseEntityFile,
    placeholders: new Map([...builtInPlaceholders, ...extensions.placeholders]),
    kinds,
    validator: new EntityValidator(kinds, extensions.fieldValidators),
    rules,
    gitHosts,
  };
  return {
    pipeline: new ProcessingPipeline(pipelineOptions),
    validation: new ProcessingPipeline({
      ...pipelineOptions,
      // Errors quote values of the entity, so a request must not be able to fill them from files of this machine.
      readers: [new FileReader([]), urls],
      rules: CatalogRules.allowAll(),
      followLocations: false,
    }),
    fingerprint: fingerprintOf(pipelineOptions, rules.describe()),
  };
}

/** Tells whether a stored result is up to date. The same for all instances with the same modules, rules and git hosts. */
function fingerprintOf(
  { processors, kinds, placeholders, readers, gitHosts }: PipelineOptions,
  rules: string,
): string {
  const parts = [
    VERSION,
    processors.map(processor => processor.getProcessorName()),
    kinds.describe(),
    [...placeholders.keys()],
    readers.map(({ type }) => type),
    [...gitHosts],
    rules,
  ];
  return createHash('sha1').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}

/** By priority, then in the order in which they were added. */
function sortProcessors(
  processors: CatalogExtensions['processors'],
  { disabled, priorities }: CatalogSettings,
) {
  const priority = (processor: (typeof processors)[number]) =>
    priorities.get(processor.getProcessorName()) ?? processor.getPriority?.() ?? DEFAULT_PRIORITY;
  return processors
    .filter(processor => !disabled.has(processor.getProcessorName()))
    .sort((a, b) => priority(a) - priority(b));
}

function folderOf({ spec }: ConfiguredLocation): string[] {
  if (spec.type !== 'file') return [];
  const folder = literalFolder(spec.target);
  // Nobody means to allow the whole file system.
  return folder === dirname(folder) ? [] : [folder];
}

/** Those of `catalog.providers.directory`, whose files a module provides. */
function watchedFolders(config: CatalogServices['config'], directory: string): string[] {
  const directories = Object.values(Object(config.getOptional('catalog.providers.directory')) as JsonObject);
  return directories.flatMap(own => {
    const path = isObject(own) && typeof own.path === 'string' ? resolve(directory, own.path) : '';
    return path.length > 1 ? [path] : [];
  });
}
