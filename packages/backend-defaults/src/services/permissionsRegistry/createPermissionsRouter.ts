// Serves what a plugin protects to the permission plugin.
import express, { type Router } from 'express';
import { applyConditions } from './applyConditions';
import type { PermissionsRegistry } from './PermissionsRegistry';
import { readApplyConditionsRequest } from './readApplyConditionsRequest';

const base = '/.well-known/backstage/permissions';

/** A router with `GET metadata` and `POST apply-conditions` below `/.well-known/backstage/permissions`. */
export function createPermissionsRouter(registry: PermissionsRegistry): Router {
  const router = express.Router();
  router.get(`${base}/metadata`, async (_req, res) => {
    res.json(await registry.metadata());
  });
  router.post(`${base}/apply-conditions`, express.json({ limit: '1mb' }), async (req, res) => {
    const items = await applyConditions(registry, readApplyConditionsRequest(req.body));
    res.json({ items });
  });
  return router;
}
