// Reads the targets of a Location entity.
import { createHash } from 'node:crypto';
import type { LocationEntity } from '@backstage/catalog-model';
import { stringifyLocationRef } from '@greenroom/plugin-catalog-node/internal';
import { InputError, NotAllowedError, toError } from '@backstage/errors';
import type { JsonObject } from '@backstage/types';
import type { LocationSpec } from '@backstage/plugin-catalog-common';
import type { CatalogProcessor, CatalogProcessorParser } from '@greenroom/plugin-catalog-node';
import { DocumentError } from '../ingestion/DocumentError';
import { type DocumentLines, placeOf } from '../ingestion/DocumentLines';
import type { ValuePath } from '../ingestion/findUnfitValue';
import { plausibleRef } from '../ingestion/parseEntityFile';
import type { LocationContent, LocationReader } from '../processors/LocationReader';
import type { ProcessorCache } from './ProcessorCache';
import type { ResultCollector } from './ResultCollector';

/** The part of the cache with the state of each target, and under `OWN` that of the Location itself. */
const STATES = 'greenroom:locations';
const OWN = '';

/** Thrown if nothing that a Location leads to has changed since it was last read. */
export class Unchanged extends Error {}

export interface ReadLocationOptions {
  readonly entity: LocationEntity;
  readonly lines: DocumentLines | undefined;
  /** Where the Location itself comes from. */
  readonly location: LocationSpec;
  readonly processors: readonly CatalogProcessor[];
  readonly readers: readonly LocationReader[];
  readonly parser: CatalogProcessorParser;
  readonly collector: ResultCollector;
  readonly cache: ProcessorCache;
  readonly mayBeUnchanged: boolean;
}

interface Target {
  readonly spec: LocationSpec;
  readonly path: ValuePath;
}

/**
 * Emits the content of each target, in order. If a target can't be read, its error is recorded and the others are
 * still read.
 *
 * @throws `Unchanged` if nothing has changed
 */
export async function readLocationTargets(options: ReadLocationOptions): Promise<void> {
  const targets = targetsOf(options);
  if (options.mayBeUnchanged && (await areUnchanged(targets, options))) throw new Unchanged();
  await options.cache.of(STATES).set(OWN, digest(options.entity));
  for (const target of targets) {
    try {
      assertReachable(target.spec, options.location);
      if (await readByProcessor(target.spec, options)) continue;
      const reader = options.readers.find(({ type }) => type === target.spec.type);
      if (!reader) throw new InputError(unknownType(target.spec, options));
      const content = await reader.read(target.spec);
      if (content !== 'unchanged') await emitContent(target.spec, content, options);
    } catch (error) {
      await fail(toError(error), target, options);
    }
  }
}

/** The cache of a Location that was refused, which has to be read again even if it becomes what it was before. */
export function withoutStates(cache: string): string {
  const { [STATES]: _states, ...others } = JSON.parse(cache) as JsonObject;
  return JSON.stringify(others);
}

function targetsOf({ entity, location, readers }: ReadLocationOptions): Target[] {
  const { type = location.type, target, targets = [], presence } = entity.spec;
  const reader = readers.find(known => known.type === location.type && known.type === type);
  const toTarget = (name: string, path: ValuePath): Target => {
    const resolved = reader ? resolveOrKeep(reader, name, location.target) : name;
    return { spec: { type, target: resolved, ...(presence && { presence }) }, path };
  };
  return [
    ...(target === undefined ? [] : [toTarget(target, ['spec', 'target'])]),
    ...targets.map((name, index) => toTarget(name, ['spec', 'targets', index])),
  ];
}

/** The error is reported when the target is read. */
function resolveOrKeep(reader: LocationReader, target: string, base: string): string {
  try {
    return reader.resolve(target, base);
  } catch {
    return target;
  }
}

/** Only a cheap check: if in doubt, everything is read. */
async function areUnchanged(
  targets: readonly Target[],
  { entity, readers, cache }: ReadLocationOptions,
): Promise<boolean> {
  const states = cache.of(STATES);
  if ((await states.get(OWN)) !== digest(entity)) return false;
  for (const { spec } of targets) {
    const state = await states.get<string>(spec.target);
    const reader = readers.find(({ type }) => type === spec.type);
    if (state === undefined || !reader) return false;
    try {
      if ((await reader.read(spec, state)) !== 'unchanged') return false;
    } catch {
      return false;
    }
  }
  return targets.length > 0;
}

function digest(entity: LocationEntity): string {
  return createHash('sha1').update(JSON.stringify(entity)).digest('base64');
}

/** A document from elsewhere must not make the catalog read files of this machine. */
function assertReachable(target: LocationSpec, location: LocationSpec): void {
  if (target.type !== 'file' || location.type === 'file') return;
  throw new NotAllowedError(
    `a location from '${location.type}' may not lead to files, such as '${target.target}'`,
  );
}

async function readByProcessor(target: LocationSpec, options: ReadLocationOptions): Promise<boolean> {
  for (const processor of options.processors) {
    const { collector, parser } = options;
    const cache = options.cache.of(processor.getProcessorName());
    const optional = target.presence === 'optional';
    if (await processor.readLocation?.(target, optional, collector.emit, parser, cache)) return true;
  }
  return false;
}

async function emitContent(
  { type, target }: LocationSpec,
  { files, errors, state, refreshKeys }: LocationContent,
  { collector, parser, cache }: ReadLocationOptions,
): Promise<void> {
  await cache.of(STATES).set(target, state);
  for (const key of refreshKeys) collector.emit({ type: 'refresh', key });
  for (const error of errors) {
    const file = error instanceof DocumentError ? error.refusal.file : target;
    collector.addUnread(error, { type, target: file });
  }
  for (const file of files) {
    const location = { type, target: file.target };
    for await (const result of parser({ data: file.data, location })) collector.emit(result);
  }
}

/** The error points to the target in the document that contains it. */
async function fail(
  error: Error,
  { spec, path }: Target,
  { cache, collector, entity, lines, location }: ReadLocationOptions,
): Promise<void> {
  // Makes sure that it is read again, whatever its state was before.
  await cache.of(STATES).set(spec.target, '');
  if (error instanceof DocumentError) {
    collector.addUnread(error, spec);
    return;
  }
  if (error.name !== 'NotFoundError') collector.unread.add(stringifyLocationRef(spec));
  const entityRef = plausibleRef(entity);
  const place = placeOf(lines, path, location.target);
  const refusal = {
    subject: 'location' as const,
    ...place,
    ...(lines && place.line === undefined ? {} : entityRef && { entityRef }),
    reason: error.message,
  };
  collector.addError(new DocumentError(refusal), spec);
}

function unknownType({ type }: LocationSpec, { readers }: ReadLocationOptions): string {
  const known = readers.map(reader => reader.type).join(', ');
  return `locations of type '${type}' are not known: the catalog reads ${known}, and modules can add others`;
}
