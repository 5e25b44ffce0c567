// Reads one file and judges each of its documents by itself.
import {
  ANNOTATION_LOCATION,
  ANNOTATION_ORIGIN_LOCATION,
  type Entity,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import type { IngestionRefusal } from '@greenroom/plugin-catalog-node';
import type { EntityValidator } from '../validation/EntityValidator';
import type { FoundFile } from './FoundFile';
import type { LocationTarget } from './LocationTarget';
import { type ParsedDocument, parseDocuments } from './parseDocuments';
import { readTextFile } from './readTextFile';
import { targetsOfLocation } from './targetsOfLocation';

/** An entity that is valid by itself. */
export interface ReadEntity {
  readonly entity: Entity;
  readonly entityRef: string;
  readonly file: string;
  readonly line: number;
  /** Where to read on, if the entity is a Location. */
  readonly targets: readonly LocationTarget[];
}

/** A refusal, with the document as it is where that names an entity. */
export interface Refused {
  readonly refusal: IngestionRefusal;
  readonly unprocessedEntity?: Entity;
}

/** Gives one outcome a document, or a single refusal of the whole file; never rejects. */
export async function readEntityFile(
  file: FoundFile,
  validator: EntityValidator,
): Promise<Array<ReadEntity | Refused>> {
  const read = await readTextFile(file.path);
  if ('reason' in read) {
    return [{ refusal: { subject: 'file', file: file.path, reason: read.reason } }];
  }
  const outcomes: Array<ReadEntity | Refused> = [];
  for (const document of parseDocuments(read.text)) {
    outcomes.push(await judge(document, file, validator));
  }
  return explainPlaceholders(outcomes, read.text);
}

/** Skeletons of templates are often caught by a glob that is meant for entities. */
function explainPlaceholders(
  outcomes: Array<ReadEntity | Refused>,
  text: string,
): Array<ReadEntity | Refused> {
  if (!/\{\{|\{%/.test(text)) return outcomes;
  const lines = text.split('\n');
  return outcomes.map(outcome => {
    if (!('refusal' in outcome) || !/\{\{|\{%/.test(lines[(outcome.refusal.line ?? 0) - 1] ?? ''))
      return outcome;
    const hint =
      "the line has a placeholder: if this is a template's skeleton, keep catalog.locations from reading it";
    const reason = `${outcome.refusal.reason}; ${hint}`;
    return { ...outcome, refusal: { ...outcome.refusal, reason } };
  });
}

async function judge(
  document: ParsedDocument,
  file: FoundFile,
  validator: EntityValidator,
): Promise<ReadEntity | Refused> {
  if (document.reason !== undefined) return refuse(document.line, document.reason);
  const validated = await validator.validate(document.value);
  if ('problem' in validated) {
    const { path, reason } = validated.problem;
    return refuse(document.lineOf(path), reason);
  }
  const entity = annotate(validated.entity, file);
  return {
    entity,
    entityRef: stringifyEntityRef(entity),
    file: file.path,
    line: document.line,
    targets: targetsOfLocation(entity, file, document.lineOf),
  };

  function refuse(line: number, reason: string): Refused {
    const named = namedEntity(document.value);
    const entityRef = named && refOf(named);
    return {
      refusal: { subject: 'document', file: file.path, line, ...(entityRef && { entityRef }), reason },
      ...(named && { unprocessedEntity: named }),
    };
  }
}

function annotate(entity: Entity, { path, origin }: FoundFile): Entity {
  const annotations = {
    ...entity.metadata.annotations,
    [ANNOTATION_LOCATION]: `file:${path}`,
    [ANNOTATION_ORIGIN_LOCATION]: origin,
  };
  return { ...entity, metadata: { ...entity.metadata, annotations } };
}

function namedEntity(value: unknown): Entity | undefined {
  const { kind, metadata } = Object(value) as Partial<Entity>;
  return typeof kind === 'string' && typeof metadata?.name === 'string' ? (value as Entity) : undefined;
}

/** Only where the parts could be those of a reference: a placeholder in them would make it misleading. */
function refOf(entity: Entity): string | undefined {
  const { namespace, name } = entity.metadata;
  const parts: unknown[] = [entity.kind, namespace ?? 'default', name];
  const plausible = parts.every(part => typeof part === 'string' && /^[\w.-]+$/.test(part));
  return plausible ? stringifyEntityRef(entity) : undefined;
}
