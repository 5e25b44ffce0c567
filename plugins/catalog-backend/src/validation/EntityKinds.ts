// The kinds that a catalog accepts.
import { ConflictError } from '@backstage/errors';
import type { EntityKindDefinition } from '@greenroom/plugin-catalog-node';

/** Holds definitions by kind and version. */
export class EntityKinds {
  readonly #definitions: EntityKindDefinition[] = [];

  constructor(definitions: Iterable<EntityKindDefinition> = []) {
    for (const definition of definitions) this.add(definition);
  }

  /** Throws a `ConflictError` where the kind already has one of the versions. */
  add(definition: EntityKindDefinition): void {
    const taken = definition.apiVersions.find(version => this.find(definition.kind, version));
    if (taken !== undefined) {
      throw new ConflictError(
        `The catalog already has the kind '${definition.kind}' of '${taken}': two modules, or a module and the catalog ` +
          'itself, define it; remove one of them',
      );
    }
    this.#definitions.push(definition);
  }

  find(kind: string, apiVersion: string): EntityKindDefinition | undefined {
    return this.#definitions.find(known => known.kind === kind && known.apiVersions.includes(apiVersion));
  }

  /** Whether there is the kind in any version. */
  knows(kind: string): boolean {
    return this.#definitions.some(known => known.kind === kind);
  }

  /** Names all kinds with their versions. */
  describe(): string[] {
    return this.#definitions.map(({ kind, apiVersions }) => `${kind} ${apiVersions.join(' ')}`);
  }

  /** Says why `find` found nothing, and what it would have found. */
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
