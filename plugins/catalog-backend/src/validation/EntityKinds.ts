// The kinds that a catalog accepts.
import type { Entity } from '@backstage/catalog-model';
import { ConflictError } from '@backstage/errors';
import type { EntityKindDefinition } from '@greenroom/plugin-catalog-node';
import type { RelationRule } from '../processors/emitRelations';
import type { ModelKindDefinition } from './readModelKinds';

type KnownKind = EntityKindDefinition | ModelKindDefinition;

/** Holds definitions by kind and version. */
export class EntityKinds {
  readonly #definitions: KnownKind[] = [];

  /** Throws a `ConflictError` if the same version of a kind is defined twice. */
  constructor(definitions: Iterable<KnownKind>) {
    for (const definition of definitions) {
      const taken = definition.apiVersions.find(version => this.find(definition.kind, version));
      if (taken !== undefined) {
        throw new ConflictError(
          `The catalog already has the kind '${definition.kind}' of '${taken}': two modules, or a module and the catalog ` +
            'itself, define it; remove one of them',
        );
      }
      this.#definitions.push(definition);
    }
  }

  find(kind: string, apiVersion: string): KnownKind | undefined {
    return this.#definitions.find(known => known.kind === kind && known.apiVersions.includes(apiVersion));
  }

  /** The fields of the entity that refer to others. */
  relationsOf(entity: Entity): readonly RelationRule[] {
    const found = this.find(entity.kind, entity.apiVersion);
    if (found && 'relationsOf' in found) return found.relationsOf(entity);
    return (found?.relations ?? []).map(({ field, ...rule }) => ({ path: ['spec', field], ...rule }));
  }

  /** Whether the kind exists in any version. */
  knows(kind: string): boolean {
    return this.#definitions.some(known => known.kind === kind);
  }

  /** Returns the same JSON for kinds with the same validation and relations, as far as that can be determined. */
  describe(): unknown {
    return this.#definitions.map(definition => {
      const { kind, apiVersions, relations } = definition;
      return [kind, apiVersions, 'fingerprint' in definition ? definition.fingerprint : relations];
    });
  }

  /** Explains why `find` found nothing, and what it would have found. */
  explainUnknown(kind: string, apiVersion: string): string {
    const sameKind = this.#definitions.filter(known => known.kind.toLowerCase() === kind.toLowerCase());
    const exact = sameKind.filter(known => known.kind === kind);
    if (exact.length > 0) {
      const versions = exact.flatMap(known => known.apiVersions);
      return `the catalog knows '${kind}' of ${versions.join(', ')}, not of '${apiVersion}'`;
    }
    if (sameKind[0]) return `the kind '${kind}' is not known: it is spelled '${sameKind[0].kind}'`;
    const known = [...new Set(this.#definitions.map(definition => definition.kind))].sort();
    return `the kind '${kind}' is not known: this catalog knows ${known.join(', ')}`;
  }
}
