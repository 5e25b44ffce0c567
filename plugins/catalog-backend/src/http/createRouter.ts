// The HTTP interface of the catalog.
import { parseEntityRef, stringifyEntityRef } from '@backstage/catalog-model';
import { InputError, NotFoundError } from '@backstage/errors';
import express, { type Response, Router } from 'express';
import type { EntityListQuery, EntityQueries } from '../database/EntityQueries';
import type { IngestionReport } from '../ingestion/IngestionReport';
import { readStrings } from './queryParameters';
import { readEntityFilter } from './readEntityFilter';
import { encodeCursor, readPage } from './readPage';
import { createFieldSelector } from './selectFields';

/** Makes the router that answers below `/api/catalog`. */
export function createRouter(options: { queries: EntityQueries; report: IngestionReport }): Router {
  const { queries, report } = options;
  const router = Router();

  router.get('/entities', async (req, res) => {
    const page = readPage(req.query);
    const filter = readEntityFilter(req.query);
    const select = createFieldSelector(readStrings(req.query, 'fields'));
    const { limit } = page;
    const entities = await queries.list({
      ...page,
      // One more than asked for tells whether there is a next page.
      ...(limit !== undefined && { limit: limit + 1 }),
      ...(filter && { filter }),
      order: readOrder(req.query),
    });
    if (limit !== undefined && entities.length > limit) {
      entities.pop();
      const after = encodeCursor({ limit, offset: (page.offset ?? 0) + limit });
      res.setHeader('Link', `<${nextUrl(req.originalUrl, after)}>; rel="next"`);
    }
    sendJson(res, `[${entities.map(select).join(',')}]`);
  });

  router.get('/entities/by-uid/:uid', async (req, res) => {
    const { uid } = req.params;
    const entity = await queries.byUid(uid);
    if (entity === undefined) throw new NotFoundError(`The catalog has no entity with the uid '${uid}'`);
    sendJson(res, entity);
  });

  router.get('/entities/by-name/:kind/:namespace/:name', async (req, res) => {
    const entityRef = stringifyEntityRef(req.params);
    const entity = (await queries.byRefs([entityRef])).get(entityRef);
    if (entity === undefined) throw new NotFoundError(`The catalog has no entity '${entityRef}'`);
    sendJson(res, entity);
  });

  router.post('/entities/by-refs', express.json({ limit: '5mb' }), async (req, res) => {
    const { entityRefs, fields } = readByRefsBody(req.body);
    const select = createFieldSelector(fields);
    const found = await queries.byRefs(entityRefs, readEntityFilter(req.query));
    const items = entityRefs.map(ref => {
      const entity = found.get(ref);
      return entity === undefined ? 'null' : select(entity);
    });
    sendJson(res, `{"items":[${items.join(',')}]}`);
  });

  router.get('/.greenroom/ingestion', (_req, res) => {
    res.json(report);
  });

  return router;
}

/** Entities are stored as JSON and go out as they are: nothing is parsed only to be written again. */
function sendJson(res: Response, body: string): void {
  res.type('application/json').send(body);
}

function nextUrl(url: string, after: string): string {
  const [path, search] = url.split('?');
  const parameters = new URLSearchParams(search);
  parameters.delete('offset');
  parameters.set('after', after);
  return `${path}?${parameters}`;
}

function readOrder(query: Record<string, unknown>): NonNullable<EntityListQuery['order']> {
  return readStrings(query, 'order').map(text => {
    const [, order, field] = /^(asc|desc):(.+)$/.exec(text) ?? [];
    if (!order || !field) throw new InputError(`The order '${text}' is not of the form 'asc:metadata.name'`);
    return { field, order: order as 'asc' | 'desc' };
  });
}

function readByRefsBody(body: unknown): { entityRefs: string[]; fields: string[] } {
  const { entityRefs, fields = [] } = Object(body) as Record<string, unknown>;
  if (!isStrings(entityRefs)) {
    throw new InputError('The body must be JSON with \'entityRefs\', a list such as ["component:default/a"]');
  }
  if (!isStrings(fields))
    throw new InputError('In the body, \'fields\' must be a list such as ["metadata.name"]');
  return { entityRefs: entityRefs.map(normalise), fields };
}

function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every(item => typeof item === 'string');
}

function normalise(entityRef: string): string {
  try {
    return stringifyEntityRef(parseEntityRef(entityRef));
  } catch (cause) {
    throw new InputError(
      `'${entityRef}' is not an entity reference: it should be kind:namespace/name`,
      cause,
    );
  }
}
