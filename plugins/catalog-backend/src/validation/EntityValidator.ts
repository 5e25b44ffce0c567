// Decides whether a parsed document is an entity that the catalog takes.
import {
  DEFAULT_NAMESPACE,
  DefaultNamespaceEntityPolicy,
  type Entity,
  EntityPolicies,
  FieldFormatEntityPolicy,
  SchemaValidEntityPolicy,
} from '@backstage/catalog-model';
import type { ValueProblem } from '../ingestion/findUnfitValue';
import type { EntityKinds } from './EntityKinds';
import { explainValidationError } from './explainValidationError';

const FIELDS = ['apiVersion', 'kind', 'metadata', 'spec'];

/** Either the entity, with its namespace filled in, or what is wrong with the document. */
export type Validated = { readonly entity: Entity } | { readonly problem: ValueProblem };

/** Checks the envelope, then the formats of metadata, then what the kind asks for. */
export class EntityValidator {
  readonly #policies = EntityPolicies.allOf([
    new SchemaValidEntityPolicy(),
    new DefaultNamespaceEntityPolicy(DEFAULT_NAMESPACE),
    new FieldFormatEntityPolicy(),
  ]);
  readonly #kinds: EntityKinds;

  constructor(kinds: EntityKinds) {
    this.#kinds = kinds;
  }

  /** Never rejects. */
  async validate(value: unknown): Promise<Validated> {
    const foreign = findForeignShape(value);
    if (foreign) return { problem: foreign };
    try {
      const entity = (await this.#policies.enforce(value as Entity)) as Entity;
      const problem = await this.#checkKind(entity);
      return problem ? { problem } : { entity };
    } catch (error) {
      return { problem: explainValidationError(error) };
    }
  }

  async #checkKind(entity: Entity): Promise<ValueProblem | undefined> {
    const { kind, apiVersion } = entity;
    const definition = this.#kinds.find(kind, apiVersion);
    if (!definition) {
      const path = this.#kinds.knows(kind) ? ['apiVersion'] : ['kind'];
      return { path, reason: this.#kinds.explainUnknown(kind, apiVersion) };
    }
    if (await definition.validator.check(entity)) return undefined;
    return { path: ['kind'], reason: `the validator of the kind '${kind}' does not recognise this document` };
  }
}

function findForeignShape(value: unknown): ValueProblem | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const what = Array.isArray(value) ? 'a list' : `a ${typeof value}`;
    return {
      path: [],
      reason: `not an entity: the document is ${what}, not a map with apiVersion, kind and metadata`,
    };
  }
  if (!('apiVersion' in value) && !('kind' in value)) {
    return { path: [], reason: 'not an entity: apiVersion and kind are missing' };
  }
  const foreign = Object.keys(value).find(key => !FIELDS.includes(key));
  if (foreign === undefined) return undefined;
  return {
    path: [foreign],
    reason: `the field '${foreign}' is not known: an entity has ${FIELDS.join(', ')}`,
  };
}
