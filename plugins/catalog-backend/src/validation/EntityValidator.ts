// Decides whether a parsed document is an entity that the catalog accepts.
import type { Entity, EntityPolicy, Validators } from '@backstage/catalog-model';
import { loadCatalogModel } from '@greenroom/plugin-catalog-node/internal';
import type { ValueProblem } from '../ingestion/findUnfitValue';
import { isObject } from '../jsonShapes';
import type { EntityKinds } from './EntityKinds';
import { explainValidationError } from './explainValidationError';

const FIELDS = ['apiVersion', 'kind', 'metadata', 'spec'];

/** Either the entity with its namespace filled in, or the problem with the document. */
export type Validated = { readonly entity: Entity } | { readonly problem: ValueProblem };

/** Checks the envelope, then the formats of metadata, then the requirements of the kind. */
export class EntityValidator {
  readonly #kinds: EntityKinds;
  readonly #fields: Partial<Validators>;
  #envelope: EntityPolicy | undefined;

  constructor(kinds: EntityKinds, fields: Partial<Validators> = {}) {
    this.#kinds = kinds;
    this.#fields = fields;
  }

  /** Checks what all kinds have in common. Never rejects. */
  async validateEnvelope(value: unknown): Promise<Validated> {
    const foreign = findForeignShape(value);
    if (foreign) return { problem: foreign };
    try {
      this.#envelope ??= envelopePolicy(this.#fields);
      return { entity: (await this.#envelope.enforce(value as Entity)) as Entity };
    } catch (error) {
      return { problem: explainValidationError(error) };
    }
  }

  /** Checks the definition of the kind. Never rejects. */
  async validateKind(entity: Entity): Promise<ValueProblem | undefined> {
    const { kind, apiVersion } = entity;
    const definition = this.#kinds.find(kind, apiVersion);
    if (!definition) {
      const path = this.#kinds.knows(kind) ? ['apiVersion'] : ['kind'];
      return { path, reason: this.#kinds.explainUnknown(kind, apiVersion) };
    }
    try {
      if (await definition.validator.check(entity)) return undefined;
    } catch (error) {
      return explainValidationError(error);
    }
    return { path: ['kind'], reason: `the validator of the kind '${kind}' does not recognise this document` };
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
  for (const field of ['name', 'namespace'] as const) {
    const part: unknown = metadata[field];
    if (part === undefined && field === 'namespace') continue;
    if (part === undefined) return { path: ['metadata'], reason: 'metadata.name is missing' };
    if (typeof part !== 'string' || part === '') {
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
