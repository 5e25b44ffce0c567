// Which kinds of entities may come from which locations.
import type { Entity } from '@backstage/catalog-model';
import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import type { LocationSpec } from '@backstage/plugin-catalog-common';
import { createGlobMatcher } from './createGlobMatcher';

/** The kinds that users may register if `catalog.rules` is not configured. */
const REGISTRABLE = ['Component', 'API', 'Location'];

interface KindMatcher {
  readonly kind: string;
  readonly type?: string;
}

interface LocationMatcher {
  readonly type: string;
  readonly exact?: string;
  readonly pattern?: string;
  /** Whether the target matches the pattern. */
  readonly fits?: (target: string) => boolean;
}

interface Rule {
  readonly allow: readonly KindMatcher[];
  /** If undefined, the rule applies to all locations. */
  readonly locations?: readonly LocationMatcher[];
}

/** Judges entities by the location that they originally came from. */
export class CatalogRules {
  readonly #rules: readonly Rule[];
  /** Configured locations, which may contain any kind unless rules say otherwise. */
  readonly #trusted: ReadonlySet<string>;

  constructor(rules: readonly Rule[], trusted: Iterable<string> = []) {
    this.#rules = rules;
    this.#trusted = new Set(trusted);
  }

  /** Allows everything from everywhere. */
  static allowAll(): CatalogRules {
    return new CatalogRules([{ allow: [{ kind: '*' }] }]);
  }

  /**
   * Reads `catalog.rules` and the rules of each entry in `catalog.locations`; `configured` has the same entries in
   * the same order.
   */
  static fromConfig(config: Config, configured: readonly LocationSpec[]): CatalogRules {
    const own = config.getOptionalConfigArray('catalog.rules');
    const rules: Rule[] = own ? own.map(readRule) : [{ allow: REGISTRABLE.map(kind => ({ kind })) }];
    const trusted: string[] = [];
    const locations = config.getOptionalConfigArray('catalog.locations') ?? [];
    configured.forEach((location, index) => {
      const extra = locations[index]?.getOptionalConfigArray('rules');
      const at: LocationMatcher = { type: location.type, exact: location.target };
      for (const rule of extra ?? [])
        rules.push({ allow: readKinds(rule.getOptional('allow')), locations: [at] });
      if (!own && !extra) trusted.push(key(location));
    });
    return new CatalogRules(rules, trusted);
  }

  /** Returns the same string for rules with the same effect. */
  describe(): string {
    return JSON.stringify([this.#rules, [...this.#trusted]]);
  }

  /** The reason why the entity is not allowed; undefined if it is. */
  explainRefusal(entity: Entity, origin: LocationSpec): string | undefined {
    if (this.#trusted.has(key(origin))) return undefined;
    const applying = this.#rules.filter(
      ({ locations }) => !locations || locations.some(at => matches(at, origin)),
    );
    const kinds = applying.flatMap(({ allow }) => allow);
    if (kinds.some(matcher => allows(matcher, entity))) return undefined;
    const allowed = [...new Set(kinds.map(({ kind }) => kind))].sort().join(', ') || 'nothing';
    return `entities of kind '${entity.kind}' may not come from ${key(origin)}: catalog.rules allows ${allowed} there`;
  }
}

function readRule(config: Config): Rule {
  assertOnly(config, ['allow', 'locations'], 'A rule of the catalog');
  const locations = config.getOptionalConfigArray('locations')?.map(readLocationMatcher);
  return { allow: readKinds(config.get('allow')), ...(locations && { locations }) };
}

function readKinds(allow: unknown): KindMatcher[] {
  if (!Array.isArray(allow))
    throw new InputError("A rule of the catalog needs 'allow', a list of kinds such as [Component]");
  return allow.map((item: unknown) => {
    if (typeof item === 'string') return { kind: item };
    const { kind, 'spec.type': type, ...rest } = Object(item) as Record<string, unknown>;
    const isUnderstood = ['string', 'undefined'].includes(typeof type) && Object.keys(rest).length === 0;
    if (typeof kind !== 'string' || !isUnderstood)
      throw new InputError(
        "An item of 'allow' in a rule of the catalog must be a kind, or a map with 'kind' and maybe 'spec.type', both text",
      );
    return { kind, ...(type !== undefined && { type: type as string }) };
  });
}

/** Ignoring a limit that is not understood would allow more than was meant. */
function assertOnly(config: Config, known: readonly string[], what: string): void {
  const unknown = config.keys().find(name => !known.includes(name));
  if (unknown !== undefined)
    throw new InputError(`${what} has '${unknown}', which is none of ${known.join(', ')}`);
}

function readLocationMatcher(config: Config): LocationMatcher {
  assertOnly(config, ['type', 'exact', 'pattern'], 'A location of a catalog rule');
  const exact = config.getOptionalString('exact');
  const pattern = config.getOptionalString('pattern');
  if (exact !== undefined && pattern !== undefined) {
    throw new InputError("A location of a catalog rule can have 'exact' or 'pattern', not both");
  }
  return {
    type: config.getString('type'),
    ...(exact !== undefined && { exact }),
    ...(pattern !== undefined && { pattern, fits: createGlobMatcher(pattern) }),
  };
}

function allows({ kind, type }: KindMatcher, entity: Entity): boolean {
  if (kind !== '*' && kind.toLowerCase() !== entity.kind.toLowerCase()) return false;
  return type === undefined || String(entity.spec?.type).toLowerCase() === type.toLowerCase();
}

function matches({ type, exact, fits }: LocationMatcher, location: LocationSpec): boolean {
  if (type !== location.type) return false;
  return (exact === undefined || exact === location.target) && (!fits || fits(location.target));
}

function key({ type, target }: LocationSpec): string {
  return `${type}:${target}`;
}
