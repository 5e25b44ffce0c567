// The routes for queries: pages with cursors, and facets.
import { InputError } from '@backstage/errors';
import express, { type Request, type Response, type Router } from 'express';
import { allOf, type EntityCondition } from '../query/EntityCondition';
import { isStrings } from '../jsonShapes';
import type { PageRow } from '../query/PageQuery';
import type { CatalogRouterOptions } from './CatalogRouterOptions';
import { encodeCursor } from './cursors';
import { decodeEntityCursor, type EntityCursor } from './EntityCursor';
import { assertAnswerable, assertAtMost } from './limits';
import { readStrings } from './queryParameters';
import { readEntityFilter } from './readEntityFilter';
import { readPredicate } from './readPredicate';
import { type EntityQueryRequest, readQueryBody, readQueryParameters } from './readQueryRequest';
import { createFieldSelector } from './createFieldSelector';
import { jsonList, sendJson } from './sendJson';

const MOST_FACETS = 500;

/** Adds `/entities/by-query` and `/entity-facets`. */
export function addQueryRoutes(router: Router, { authorizer, queries }: CatalogRouterOptions): void {
  const json = express.json({ limit: '1mb' });
  router.get('/entities/by-query', (req, res) => answerQuery(req, res, readQueryParameters(req.query)));
  router.post('/entities/by-query', json, (req, res) => answerQuery(req, res, readQueryBody(req.body)));

  router.get('/entity-facets', (req, res) =>
    answerFacets(req, res, readStrings(req.query, 'facet'), readEntityFilter(req.query)),
  );
  router.post('/entity-facets', json, (req, res) => {
    const { facets, query } = Object(req.body) as Record<string, unknown>;
    if (!isStrings(facets)) {
      throw new InputError('The body must be JSON with \'facets\', a list such as ["kind"]');
    }
    const condition = query === undefined ? undefined : readPredicate(query);
    return answerFacets(req, res, facets, condition);
  });

  async function answerQuery(req: Request, res: Response, request: EntityQueryRequest): Promise<void> {
    const { fields, limit } = request;
    const cursor = request.cursor === undefined ? undefined : decodeEntityCursor(request.cursor);
    const { condition: asked, order, totalItems } = cursor ?? request;
    assertAnswerable(asked, order);
    const backwards = cursor?.backwards ?? false;
    const offset = cursor ? undefined : request.offset;
    const condition = allOf([asked, await authorizer.readCondition(req)]);
    const [total, read] = await Promise.all([
      totalItems ? queries.count(condition) : 0,
      // One extra row tells whether there are more in this direction.
      queries.page({ condition, order, limit: limit + 1, offset, position: cursor?.position, backwards }),
    ]);
    const more = read.length > limit;
    const rows = read.slice(0, limit);
    if (backwards) rows.reverse();
    const cursorFrom = (row: PageRow | undefined, way: Pick<EntityCursor, 'backwards'>) => {
      if (!row) return undefined;
      const position = { id: row.id, values: row.values };
      const next: EntityCursor = { condition: asked, order, totalItems, position, ...way };
      return encodeCursor(next);
    };
    const hasNext = backwards || more;
    const hasPrevious = backwards ? more : cursor !== undefined || Boolean(offset);
    const pageInfo = {
      nextCursor: hasNext ? cursorFrom(rows.at(-1), { backwards: false }) : undefined,
      prevCursor: hasPrevious ? cursorFrom(rows[0], { backwards: true }) : undefined,
    };
    const select = createFieldSelector(fields);
    const items = rows.map(({ entity }) => select(entity));
    const rest = `,"totalItems":${total},"pageInfo":${JSON.stringify(pageInfo)}}`;
    sendJson(res, ['{"items":', ...jsonList(items), rest]);
  }

  async function answerFacets(
    req: Request,
    res: Response,
    fields: string[],
    filter: EntityCondition | undefined,
  ): Promise<void> {
    if (fields.length === 0 || fields.includes(''))
      throw new InputError('A facet is missing or empty: it should be a field, as in ?facet=kind');
    assertAtMost(MOST_FACETS, 'facets', fields.length);
    assertAnswerable(filter);
    const facets = await queries.facets(fields, allOf([filter, await authorizer.readCondition(req)]));
    sendJson(res, JSON.stringify({ facets }));
  }
}
