// Chooses where a statement begins to look for the entities that meet a condition.
import { conditionSql, fieldSql, isLong, type TextSearchFunction } from './conditionSql';
import type { EntityCondition, FieldCondition } from './EntityCondition';

/**
 * Begins with one of the conditions that all have to be met where there is one that a single stretch of the index answers:
 * its entries are in the order of their ids. Otherwise with all entities.
 *
 * @returns Where to look, how the entity's id is called there, and what has to be met
 */
export function splitDriver(condition: EntityCondition | undefined, contains: TextSearchFunction) {
  const parts = condition === undefined ? [] : 'all' in condition ? condition.all : [condition];
  const candidates = parts.filter(
    (part): part is FieldCondition => 'key' in part && part.values?.length === 1,
  );
  // Kinds are the least selective of all.
  const driver = candidates.find(({ key }) => key !== 'kind') ?? candidates[0];
  const long = isLong(condition);
  const id = driver ? 'd.entity_id' : 'e.id';
  return {
    from: driver ? 'catalog_search d' : 'catalog_entities e',
    id,
    where: [
      ...(driver ? [fieldSql(driver, 'd')] : []),
      ...parts.filter(part => part !== driver).map(part => conditionSql(part, id, contains, long)),
    ],
  };
}
