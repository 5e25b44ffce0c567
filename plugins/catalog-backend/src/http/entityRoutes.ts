// The routes that return single entities and plain lists, and that delete entities.
import { parseEntityRef, stringifyEntityRef } from '@greenroom/plugin-catalog-node/internal';
import { InputError, NotFoundError } from '@backstage/errors';
import express, { type Request, type Response, type Router } from 'express';
import { isStrings } from '../jsonShapes';
import { allOf } from '../query/EntityCondition';
import { STREAM_PAGE } from '../query/EntityQueries';
import type { OrderField } from '../query/PageQuery';
import { audited } from './audited';
import type { CatalogRouterOptions } from './CatalogRouterOptions';
import { encodeCursor } from './cursors';
import { assertAnswerable, assertAtMost } from './limits';
import { readStrings } from './queryParameters';
import { readEntityFilter } from './readEntityFilter';
import { type Page, readPage } from './readPage';
import { readPredicate } from './readPredicate';
import { createFieldSelector } from './createFieldSelector';
import { jsonList, sendJson, streamJsonList } from './sendJson';

/** All of their entities are in memory at once. */
const MOST_REFS = 10_000;

/** Adds the routes below `/entities`, except for queries. */
export function addEntityRoutes(router: Router, options: CatalogRouterOptions): void {
  const { authorizer, changes, queries } = options;

  router.get('/entities', async (req, res) => {
    const page = readPage(req.query);
    const filter = readEntityFilter(req.query);
    const select = createFieldSelector(readStrings(req.query, 'fields'));
    const order = readOrder(req.query);
    assertAnswerable(filter, order);
    const condition = allOf([filter, await authorizer.readCondition(req)]);
    const { limit, offset = 0 } = page;
    if (limit !== undefined && limit <= STREAM_PAGE) {
      // One extra row tells whether there is a next page.
      const rows = await queries.page({ condition, order, limit: limit + 1, offset });
      if (rows.length > limit) linkNext(req, res, { limit, offset });
      sendJson(res, jsonList(rows.slice(0, limit).map(({ entity }) => select(entity))));
      return;
    }
    if (limit !== undefined) {
      const beyond = await queries.page({ condition, order, limit: 1, offset: offset + limit });
      if (beyond.length > 0) linkNext(req, res, { limit, offset });
    }
    const pages = (async function* read() {
      for await (const rows of queries.stream({ condition, order, ...page }))
        yield rows.map(({ entity }) => select(entity));
    })();
    await streamJsonList(res, pages);
  });

  router.get('/entities/by-uid/:uid', async (req, res) => {
    const { uid } = req.params;
    const entity = await queries.byUid(uid, await authorizer.readCondition(req));
    if (entity === undefined) throw new NotFoundError(`The catalog has no entity with the uid '${uid}'`);
    sendJson(res, entity);
  });

  router.delete('/entities/by-uid/:uid', async (req, res) => {
    const { uid } = req.params;
    await audited(options, { eventId: 'entity-mutate', req, meta: { action: 'delete', uid } }, async () => {
      await authorizer.assertMay(req, 'delete', condition => queries.byUid(uid, condition));
      await changes.removeByUid(uid);
    });
    res.status(204).end();
  });

  router.get('/entities/by-name/:kind/:namespace/:name', async (req, res) => {
    const ref = stringifyEntityRef(req.params);
    const entity = await queries.byRef(ref, await authorizer.readCondition(req));
    if (entity === undefined) throw new NotFoundError(`The catalog has no entity '${ref}'`);
    sendJson(res, entity);
  });

  router.get('/entities/by-name/:kind/:namespace/:name/ancestry', async (req, res) => {
    const ref = stringifyEntityRef(req.params);
    const items = await queries.ancestry(ref, await authorizer.readCondition(req));
    if (items[0]?.ref !== ref) throw new NotFoundError(`The catalog has no entity '${ref}'`);
    const texts = items.map(
      ({ entity, parentRefs }) =>
        `{"entity":${entity.toString()},"parentEntityRefs":${JSON.stringify(parentRefs)}}`,
    );
    sendJson(res, [`{"rootEntityRef":${JSON.stringify(ref)},"items":`, ...jsonList(texts), '}']);
  });

  router.post('/entities/by-refs', express.json({ limit: '5mb' }), async (req, res) => {
    const { entityRefs, fields, query } = readByRefsBody(req.body);
    const select = createFieldSelector(fields);
    const filter = readEntityFilter(req.query);
    assertAnswerable(allOf([filter, query]));
    const condition = allOf([filter, query, await authorizer.readCondition(req)]);
    const found = await queries.byRefs(
      entityRefs.filter(ref => ref !== undefined),
      condition,
    );
    const items = entityRefs.map(ref => {
      const entity = ref === undefined ? undefined : found.get(ref);
      return entity === undefined ? 'null' : select(entity);
    });
    sendJson(res, ['{"items":', ...jsonList(items), '}']);
  });
}

/** Relative to the request URL, because a proxy may add a path prefix. */
function linkNext(req: Request, res: Response, { limit, offset }: Required<Page>): void {
  const parameters = new URLSearchParams(req.originalUrl.split('?')[1]);
  parameters.delete('offset');
  parameters.set('after', encodeCursor({ limit, offset: offset + limit }));
  res.setHeader('Link', `<?${parameters}>; rel="next"`);
}

function readOrder(query: Record<string, unknown>): OrderField[] {
  return readStrings(query, 'order').map(text => {
    const [, order, field] = /^(asc|desc):(.+)$/.exec(text) ?? [];
    if (!order || !field) throw new InputError(`The order '${text}' is not of the form 'asc:metadata.name'`);
    return { field: field.toLowerCase(), order: order as 'asc' | 'desc' };
  });
}

function readByRefsBody(body: unknown) {
  const { entityRefs, fields = [], query } = Object(body) as Record<string, unknown>;
  if (!isStrings(entityRefs)) {
    throw new InputError('The body must be JSON with \'entityRefs\', a list such as ["component:default/a"]');
  }
  assertAtMost(MOST_REFS, 'references', entityRefs.length);
  if (!isStrings(fields)) {
    throw new InputError('In the body, \'fields\' must be a list such as ["metadata.name"]');
  }
  return {
    // An invalid reference is treated as a missing entity, so that the others are still returned.
    entityRefs: entityRefs.map(normaliseRef),
    fields,
    query: query === undefined ? undefined : readPredicate(query),
  };
}

/** Most references already have this form, and parsing and formatting takes noticeable time for a hundred of them. */
const NORMAL_REF = /^[a-z0-9]+:[a-z0-9_.-]+\/[a-z0-9_.-]+$/;

/** The full reference, in lower case; undefined if it is not one. */
export function normaliseRef(entityRef: string): string | undefined {
  if (NORMAL_REF.test(entityRef)) return entityRef;
  try {
    return stringifyEntityRef(parseEntityRef(entityRef));
  } catch {
    return undefined;
  }
}
