// Creates kinds from the model that modules contribute to.
import type { Entity } from '@backstage/catalog-model';
import type {
  CatalogModel,
  CatalogModelKind,
  CatalogModelKindSummary,
  CatalogModelLayer,
  CatalogModelSource,
} from '@backstage/catalog-model/alpha';
import type { EntityKindDefinition } from '@greenroom/plugin-catalog-node';
import { loadCatalogModel } from '@greenroom/plugin-catalog-node/internal';
import type { RelationRule } from '../processors/emitRelations';

/** A kind whose schema and relations may depend on `spec.type`. */
export interface ModelKindDefinition extends EntityKindDefinition {
  relationsOf(entity: Entity): readonly RelationRule[];
  /** The same for models that treat entities of this kind in the same way. */
  readonly fingerprint: string;
}

/**
 * All kinds, including Backstage's own, with the additions, changes and removals of the sources. Only the first model
 * that a source returns is used, until the next start.
 *
 * @throws an `InputError` if layers contradict each other
 */
export async function readModelKinds(sources: readonly CatalogModelSource[]): Promise<ModelKindDefinition[]> {
  const { compileCatalogModel, defaultCatalogEntityModel } = await import('@backstage/catalog-model/alpha');
  const given = await Promise.all(sources.map(readFirst));
  const model = compileCatalogModel([defaultCatalogEntityModel, ...given.flat()]);
  return model.listKinds().map(summary => defineKind(model, summary));
}

async function readFirst(source: CatalogModelSource): Promise<CatalogModelLayer[]> {
  for await (const { data } of source.read()) return data.map(({ layer }) => layer);
  return [];
}

function defineKind(
  model: CatalogModel,
  { names: { kind }, versions }: CatalogModelKindSummary,
): ModelKindDefinition {
  const inverses = new Map(
    model.getRelations({ kind })?.map(({ forward, reverse }) => [forward.type, reverse.type]),
  );
  const known = new Map<string, ReturnType<typeof compile>>();

  function compile(apiVersion: string, type: string | undefined) {
    const found = model.getKind({ kind, apiVersion, spec: { type } })!;
    const { entityKindSchemaValidator } = loadCatalogModel();
    return { validate: entityKindSchemaValidator(found.jsonSchema), rules: rulesOf(found, inverses) };
  }

  /** Throws if the model has the kind, but neither this type nor a fallback for other types. */
  function versionOf({ apiVersion, spec }: Entity) {
    const type = versions.find(({ specType }) => specType !== undefined && specType === spec?.type)?.specType;
    const key = JSON.stringify([apiVersion, type]);
    const version = known.get(key) ?? compile(apiVersion, type ?? (spec?.type as string | undefined));
    known.set(key, version);
    return version;
  }

  return {
    kind,
    apiVersions: [...new Set(versions.map(({ apiVersion }) => apiVersion))],
    validator: { check: async entity => versionOf(entity).validate(entity) !== false },
    relationsOf: entity => versionOf(entity).rules,
    fingerprint: JSON.stringify([
      versions.map(({ apiVersion, specType: type }) => model.getKind({ kind, apiVersion, spec: { type } })),
      [...inverses],
    ]),
  };
}

function rulesOf({ relationFields }: CatalogModelKind, inverses: ReadonlyMap<string, string>) {
  return relationFields.flatMap(({ path, relation, defaultKind, defaultNamespace, allowedKinds }) => {
    const inverse = inverses.get(relation);
    if (inverse === undefined) return [];
    const rule: RelationRule = {
      path: path.split('.'),
      type: relation,
      inverse,
      ...(defaultKind && { defaultKind }),
      ...(defaultNamespace === 'default' && { defaultNamespace }),
      ...(allowedKinds && { allowedKinds }),
    };
    return [rule];
  });
}
