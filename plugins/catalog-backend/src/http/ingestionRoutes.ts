// The routes for ingestion: refreshing, validating and analysing.
import type { Entity } from '@backstage/catalog-model';
import { InputError } from '@backstage/errors';
import {
  catalogEntityValidatePermission,
  catalogIngestionReadPermission,
  catalogLocationAnalyzePermission,
} from '../permissions/catalogPermissions';
import type { AnalyzeLocationRequest } from '@backstage/plugin-catalog-common';
import type { IngestionRefusal } from '@greenroom/plugin-catalog-node';
import express, { type Router } from 'express';
import { audited } from './audited';
import type { CatalogRouterOptions } from './CatalogRouterOptions';
import { normaliseRef } from './entityRoutes';
import { sendJson } from './sendJson';

/** A report of more would take too much memory. */
const MOST_REFUSALS = 10_000;

/** Adds `/refresh`, `/validate-entity`, `/analyze-location` and the report of refused entities. */
export function addIngestionRoutes(router: Router, options: CatalogRouterOptions): void {
  const { analyzer, authorizer, changes, locations, queries } = options;

  router.post('/refresh', express.json({ limit: '100kb' }), async (req, res) => {
    const { entityRef } = Object(req.body) as Record<string, unknown>;
    if (typeof entityRef !== 'string') throw new InputError("The body must be JSON with 'entityRef'");
    const ref = normaliseRef(entityRef);
    if (ref === undefined) {
      throw new InputError(`'${entityRef}' is not an entity reference: it should be kind:namespace/name`);
    }
    await audited(
      options,
      { eventId: 'entity-mutate', req, meta: { action: 'refresh', entityRef: ref } },
      async () => {
        await authorizer.assertMay(req, 'refresh', condition => queries.byRef(ref, condition));
        await changes.refresh(ref);
      },
    );
    res.status(200).end();
  });

  router.post('/validate-entity', express.json({ limit: '5mb' }), async (req, res) => {
    await authorizer.assert(req, catalogEntityValidatePermission);
    const { entity, location } = Object(req.body) as Record<string, unknown>;
    if (typeof entity !== 'object' || entity === null || typeof location !== 'string') {
      throw new InputError("The body must be JSON with 'entity' and 'location', such as url:https://...");
    }
    const errors = await locations.validate(entity as Entity, location);
    if (errors.length > 0) res.status(400).json({ errors });
    else res.status(200).end();
  });

  router.post('/analyze-location', express.json({ limit: '100kb' }), async (req, res) => {
    await authorizer.assert(req, catalogLocationAnalyzePermission);
    const { location, catalogFilename } = Object(req.body) as Record<string, unknown>;
    const { type, target } = Object(location) as Record<string, unknown>;
    if (typeof type !== 'string' || typeof target !== 'string') {
      throw new InputError("The body must be JSON with 'location', a type and a target");
    }
    const request = {
      location: { type, target },
      ...(typeof catalogFilename === 'string' && { catalogFilename }),
    };
    const credentials = await authorizer.credentials(req);
    res.json(await analyzer.analyzeLocation(request as AnalyzeLocationRequest, credentials));
  });

  router.get('/.greenroom/ingestion', async (req, res) => {
    // The report contains parts of documents that the caller might not be allowed to read.
    await authorizer.assert(req, catalogIngestionReadPermission);
    const entitiesServed = await queries.count(await authorizer.readCondition(req));
    const refused: IngestionRefusal[] = [];
    let [documents, refusedMore] = [0, 0];
    for await (const { refusal } of changes.problems()) {
      if (refusal.subject === 'document') documents += 1;
      if (refused.length < MOST_REFUSALS) refused.push(refusal);
      else refusedMore += 1;
    }
    const documentsSeen = entitiesServed + documents;
    sendJson(res, JSON.stringify({ documentsSeen, entitiesServed, refused, refusedMore }));
  });
}
