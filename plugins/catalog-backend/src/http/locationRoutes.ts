// The routes of registered locations.
import { InputError, NotAllowedError } from '@backstage/errors';
import {
  catalogLocationCreatePermission,
  catalogLocationDeletePermission,
  catalogLocationReadPermission,
} from '../permissions/catalogPermissions';
import { stringifyEntityRef } from '@greenroom/plugin-catalog-node/internal';
import type { BasicPermission } from '@backstage/plugin-permission-common';
import type { JsonObject } from '@backstage/types';
import express, { type Request, type Router } from 'express';
import { createLocationMatcher } from '../locations/createLocationMatcher';
import type { LocationInput } from '../locations/LocationStore';
import { audited } from './audited';
import type { CatalogRouterOptions } from './CatalogRouterOptions';
import { decodeCursor, encodeCursor } from './cursors';
import { readString } from './queryParameters';
import { readPredicate } from './readPredicate';

const DEFAULT_LIMIT = 1_000;

/** Adds the routes below `/locations`. */
export function addLocationRoutes(router: Router, options: CatalogRouterOptions): void {
  const { authorizer, locations, settings } = options;
  const json = express.json({ limit: '100kb' });

  router.get('/locations', async (req, res) => {
    const visible = await authorizer.has(req, catalogLocationReadPermission);
    const all = visible ? await locations.store.all() : [];
    res.json(all.map(data => ({ data })));
  });

  router.post('/locations', json, async (req, res) => {
    const input = readLocation(req.body);
    if (readString(req.query, 'dryRun')?.toLowerCase() === 'true') {
      await authorizer.assert(req, catalogLocationCreatePermission);
      const { location, exists, entities } = await locations.tryOut(input);
      res.status(201).json({ location, entities, exists });
      return;
    }
    assertWritable();
    const onConflict = readConflict(readString(req.query, 'onConflict')) ?? settings.onLocationConflict;
    const meta = { action: 'create', ...input };
    const location = await change(req, catalogLocationCreatePermission, meta, () =>
      locations.add(input, onConflict),
    );
    res.status(201).json({ location, entities: [] });
  });

  router.post('/locations/by-query', json, async (req, res) => {
    const { limit, query, after } = readLocationQuery(req.body);
    const visible = await authorizer.has(req, catalogLocationReadPermission);
    const matches = query === undefined ? () => true : createLocationMatcher(readPredicate(query));
    const all = visible ? (await locations.store.all()).filter(matches) : [];
    const start = after === undefined ? 0 : all.findIndex(({ id }) => id > after);
    const items = start < 0 ? [] : all.slice(start, start + limit);
    const last = items.at(-1);
    const more = last !== undefined && last !== all.at(-1);
    const pageInfo = more ? { nextCursor: encodeCursor({ limit, query, after: last.id }) } : {};
    res.json({ items, totalItems: all.length, pageInfo });
  });

  router.get('/locations/by-entity/:kind/:namespace/:name', async (req, res) => {
    await authorizer.assert(req, catalogLocationReadPermission);
    const ref = stringifyEntityRef(req.params);
    res.json(await locations.byEntity(ref, await authorizer.readCondition(req)));
  });

  router.get('/locations/:id', async (req, res) => {
    await authorizer.assert(req, catalogLocationReadPermission);
    res.json(await locations.store.find(req.params.id));
  });

  router.put('/locations/:id', json, async (req, res) => {
    const input = readLocation(req.body);
    const { id } = req.params;
    assertWritable();
    const meta = { action: 'update', id, ...input };
    res.json(await change(req, catalogLocationCreatePermission, meta, () => locations.update(id, input)));
  });

  router.delete('/locations/:id', async (req, res) => {
    const { id } = req.params;
    assertWritable();
    const meta = { action: 'delete', id };
    await change(req, catalogLocationDeletePermission, meta, () => locations.store.remove(id));
    res.status(204).end();
  });

  function change<T>(req: Request, permission: BasicPermission, meta: JsonObject, action: () => Promise<T>) {
    return audited(options, { eventId: 'location-mutate', req, meta }, async () => {
      await authorizer.assert(req, permission);
      return action();
    });
  }

  function assertWritable(): void {
    if (settings.readonly)
      throw new NotAllowedError('The catalog is read-only, by catalog.readonly in the configuration');
  }
}

function readLocation(body: unknown): LocationInput {
  const { type = 'url', target } = Object(body) as Record<string, unknown>;
  if (typeof type === 'string' && type && typeof target === 'string' && target) return { type, target };
  throw new InputError(
    'The body must be JSON with \'type\' and \'target\', such as {"type": "url", "target": "https://..."}',
  );
}

function readConflict(value: string | undefined): 'refresh' | 'reject' | undefined {
  if (value === undefined || value === 'refresh' || value === 'reject') return value;
  throw new InputError(`'onConflict' must be 'refresh' or 'reject', not '${value}'`);
}

interface LocationQuery {
  readonly limit: number;
  readonly query?: unknown;
  readonly after?: string | undefined;
}

function readLocationQuery(body: unknown): LocationQuery {
  const { cursor, limit = DEFAULT_LIMIT, query } = Object(body) as Record<string, unknown>;
  if (cursor !== undefined) return decodeLocationCursor(cursor);
  if (!Number.isSafeInteger(limit) || (limit as number) < 1)
    throw new InputError("'limit' must be a whole number from 1 up");
  return { limit: limit as number, query };
}

function decodeLocationCursor(cursor: unknown): LocationQuery {
  return decodeCursor<LocationQuery>(
    String(cursor),
    "'cursor'",
    ({ limit, after }) => Number.isSafeInteger(limit) && limit > 0 && typeof after === 'string',
  );
}
