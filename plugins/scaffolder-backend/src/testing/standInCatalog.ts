// A fake catalog service for tests, with entities in memory.
import { type Entity, stringifyEntityRef } from '@backstage/catalog-model';
import type { TemplateEntityV1beta3 } from '@backstage/plugin-scaffolder-common';
import type { JsonObject, JsonValue } from '@backstage/types';
import { type CatalogService, catalogServiceRef } from '@greenroom/plugin-catalog-node';
import { provide } from '@greenroom/testing';

/** Also records on whose behalf it is called. */
export class StandInCatalog {
  readonly principals: unknown[] = [];
  /** The references of entities that nobody may see at the moment. */
  readonly hidden = new Set<string>();
  readonly #entities: Map<string, Entity>;

  constructor(entities: readonly Entity[]) {
    this.#entities = new Map(entities.map(entity => [stringifyEntityRef(entity), entity]));
  }

  readonly getEntitiesByRefs: CatalogService['getEntitiesByRefs'] = async (
    { entityRefs },
    { credentials },
  ) => {
    this.principals.push(credentials.principal);
    return { items: entityRefs.map(ref => (this.hidden.has(ref) ? undefined : this.#entities.get(ref))) };
  };

  get factory() {
    return provide(catalogServiceRef, () => this as unknown as CatalogService);
  }
}

/** Creates a template `template:default/<name>`. */
export function template(
  name: string,
  steps: readonly JsonObject[],
  spec: { [key: string]: JsonValue | undefined } = {},
): TemplateEntityV1beta3 {
  return {
    apiVersion: 'scaffolder.backstage.io/v1beta3',
    kind: 'Template',
    metadata: {
      name,
      namespace: 'default',
      title: `The template ${name}`,
      annotations: { 'backstage.io/managed-by-location': `url:https://example.com/templates/${name}.yaml` },
    },
    spec: {
      type: 'service',
      owner: 'group:default/team',
      steps: [...steps],
      ...spec,
    } as TemplateEntityV1beta3['spec'],
  };
}
