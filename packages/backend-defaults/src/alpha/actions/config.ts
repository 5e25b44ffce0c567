// Reads which plugins to ask for actions, and which actions to offer.
import type { Config } from '@backstage/config';
import { InvalidConfigValueError } from '../../config/InvalidConfigValueError';

/** Matches actions that meet all its conditions. */
export interface ActionRule {
  /** A pattern for IDs, such as `catalog:*`; `*` is any text and `?` any character. */
  id?: string;
  attributes?: Partial<Record<(typeof attributeNames)[number], boolean>>;
}

/** The settings in `backend.actions`. */
export interface ActionsSettings {
  /** The plugins to ask for actions. */
  pluginSources: string[];
  /** If not empty, an action must match one of these. */
  include: ActionRule[];
  /** An action that matches one of these is left out. */
  exclude: ActionRule[];
}

const attributeNames = ['destructive', 'readOnly', 'idempotent'] as const;
const key = 'backend.actions';

/** Reads `backend.actions`. Default: no sources and no filter. */
export function readActionsSettings(config: Config): ActionsSettings {
  const actions = config.getOptionalConfig(key);
  return {
    pluginSources: [...new Set(readPluginSources(config))],
    include: readRules(actions, 'include'),
    exclude: readRules(actions, 'exclude'),
  };
}

/** Reads `backend.actions.pluginSources`; undefined if it is not set. */
export function readPluginSources(config: Config): string[] | undefined {
  return config.getOptionalStringArray(`${key}.pluginSources`);
}

function readRules(actions: Config | undefined, list: 'include' | 'exclude'): ActionRule[] {
  const rules = actions?.getOptionalConfigArray(`filter.${list}`) ?? [];
  return rules.map((rule, index) => {
    const id = rule.getOptionalString('id');
    const given = rule.getOptionalConfig('attributes');
    const known: readonly string[] = attributeNames;
    const unknown = given?.keys().find(name => !known.includes(name));
    const where = `${key}.filter.${list}[${index}]`;
    if (unknown) {
      throw new InvalidConfigValueError(
        `${where}.attributes.${unknown}`,
        `is not an attribute of actions; these are ${attributeNames.join(', ')}`,
      );
    }
    const attributes = Object.fromEntries(
      attributeNames.flatMap(name => {
        const value = given?.getOptionalBoolean(name);
        return value === undefined ? [] : [[name, value]];
      }),
    );
    // An empty rule would match everything.
    if (id === undefined && Object.keys(attributes).length === 0) {
      throw new InvalidConfigValueError(where, 'must have an id, attributes, or both');
    }
    return { id, attributes };
  });
}
