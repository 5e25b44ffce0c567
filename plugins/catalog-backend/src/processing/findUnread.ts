// Finds the entities that came from locations which can't be read at the moment.
import { isDynamicPattern } from 'tinyglobby';
import type { Knex } from 'knex';
import { rowsOf, valuesTable } from '../database/valuesTable';

/** An entity that leads to others, some of which could not be read. */
export interface LeadingEntity {
  readonly ref: string;
  /** References of locations. */
  readonly unread: readonly string[];
}

/** Gives pairs of a source, such as `entity:<ref>`, and the reference of what it led to and still does. */
export async function findUnread(
  tx: Knex,
  entities: readonly LeadingEntity[],
): Promise<Array<[source: string, ref: string]>> {
  const pairs = entities.flatMap(({ ref, unread }) =>
    // Which files a pattern had is known by what it led to alone.
    unread.map(location => [`entity:${ref}`, isDynamicPattern(location) ? null : location]),
  );
  if (pairs.length === 0) return [];
  const rows = rowsOf<{ source: string; target_ref: string }>(
    await tx.raw(
      `SELECT DISTINCT r.source, r.target_ref FROM ?
       JOIN catalog_references r ON r.source = unread.source
       JOIN catalog_refresh_state s ON s.entity_ref = r.target_ref
       WHERE unread.location IS NULL OR s.location_key = unread.location`,
      [valuesTable(tx, 'unread', { source: 'text', location: 'text' }, pairs)],
    ),
  );
  return rows.map(({ source, target_ref }) => [source, target_ref]);
}
