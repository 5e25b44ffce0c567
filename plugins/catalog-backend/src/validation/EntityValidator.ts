// Decides whether a parsed document is an entity that the catalog accepts.
import type { Entity, EntityPolicy, Validators } from '@backstage/catalog-model';
import { loadCatalogModel } from '@greenroom/plugin-catalog-node/internal';
import type { ValueProblem } from '../ingestion/findUnfitValue';
import { isObject } from '../jsonShapes';
import type { EntityKinds } from './EntityKinds';
import { explainValidationError } from './explainValidationError';
import { PlacedError } from './PlacedError';

const FIELDS = ['apiVersion', 'kind', 'metadata', 'spec'];

/** Checks the envelope, then the formats of metadata, then the requirements of the kind. */
export class EntityValidator {
  readonly #kinds: EntityKinds;
  readonly #fields: Partial<Validators>;
  #envelope: EntityPolicy | undefined;

  constructor(kinds: EntityKinds, fields: Partial<Validators> = {}) {
    this.#kinds = kinds;
    this.#fields = fields;
  }

  /**
   * Checks what all kinds have in common. Returns the entity with its namespace filled in.
   *
   * @throws a `PlacedError`
   */
  async validateEnvelope(value: unknown): Promise<Entity> {
    const foreign = findForeignShape(value);
    if (foreign) throw new PlacedError(foreign.path, foreign.reason);
    try {
      this.#envelope ??= envelopePolicy(this.#fields);
      return (await this.#envelope.enforce(value as Entity)) as Entity;
    } catch (error) {
      throw explainValidationError(error);
    }
  }

  /**
   * Checks the definition of the kind.
   *
   * @throws a `PlacedError`
   */
  async validateKind(entity: Entity): Promise<void> {
    const { kind, apiVersion } = entity;
    const definition = this.#kinds.find(kind, apiVersion);
    if (!definition) {
      const path = this.#kinds.knows(kind) ? ['apiVersion'] : ['kind'];
      throw new PlacedError(path, this.#kinds.explainUnknown(kind, apiVersion));
    }
    try {
      if (await definition.validator.check(entity)) return;
    } catch (error) {
      throw explainValidationError(error);
    }
    throw new PlacedError(['kind'], `the validator of the kind '${kind}' does not recognise this document`);
  }
}

function envelopePolicy(fields: Partial<Validators>): EntityPolicy {
  const model = loadCatalogModel();
  return model.EntityPolicies.allOf([
    new model.SchemaValidEntityPolicy(),
    new model.DefaultNamespaceEntityPolicy(model.DEFAULT_NAMESPACE),
    new model.FieldFormatEntityPolicy(model.makeValidator(fields)),
  ]);
}

/** Finds documents that are not entities at all, or that can't be referred to. */
export function findForeignShape(value: unknown): ValueProblem | undefined {
  if (!isObject(value)) {
    const what = Array.isArray(value) ? 'a list' : `a ${typeof value}`;
    return {
      path: [],
      reason: `not an entity: the document is ${what}, not a map with apiVersion, kind and metadata`,
    };
  }
  if (!('apiVersion' in value) && !('kind' in value)) {
    return { path: [], reason: 'not an entity: apiVersion and kind are missing' };
  }
  const { kind, metadata } = value as Partial<Entity>;
  if (typeof kind !== 'string' || kind === '') return { path: ['kind'], reason: 'kind must be a text' };
  if (typeof metadata !== 'object' || metadata === null) {
    return { path: ['metadata'], reason: 'metadata must be a map with a name' };
  }
  if (metadata.name === undefined) return { path: ['metadata'], reason: 'metadata.name is missing' };
  for (const field of ['name', 'namespace'] as const) {
    const part: unknown = metadata[field];
    if (part !== undefined && (typeof part !== 'string' || part === '')) {
      return { path: ['metadata', field], reason: `metadata.${field} must be string` };
    }
  }
  const foreign = Object.keys(value).find(key => !FIELDS.includes(key));
  if (foreign === undefined) return undefined;
  return {
    path: [foreign],
    reason: `the field '${foreign}' is not known: an entity has ${FIELDS.join(', ')}`,
  };
}
