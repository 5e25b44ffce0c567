// Chooses the table that a query for a condition starts from.
import { conditionSql, fieldSql, isLong, type TextSearchFunction } from './conditionSql';
import { type EntityCondition, type FieldCondition, requirementsOf } from './EntityCondition';

/**
 * Starts from one of the required conditions if it corresponds to a single range of the search index, in which
 * entries are sorted by id. Otherwise starts from all entities.
 *
 * @returns The table, the expression for the id of an entity, and the remaining conditions
 */
export function splitDriver(condition: EntityCondition | undefined, contains: TextSearchFunction) {
  const parts = requirementsOf(condition);
  const candidates = parts.filter(
    (part): part is FieldCondition => 'key' in part && part.values?.length === 1,
  );
  // Kinds are the least selective.
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
