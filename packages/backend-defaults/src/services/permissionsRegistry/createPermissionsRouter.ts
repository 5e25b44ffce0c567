// Serves what a plugin protects to the permission plugin.
import { NotAllowedError } from '@backstage/errors';
import type { BackstagePrincipalTypes, HttpAuthService } from '@greenroom/backend-plugin-api';
import express, { type Router } from 'express';
import { applyConditions } from './applyConditions';
import type { PermissionsRegistry } from './PermissionsRegistry';
import { readApplyConditionsRequest } from './readApplyConditionsRequest';

const base = '/.well-known/backstage/permissions';

/** A router with `GET metadata` and `POST apply-conditions` below `/.well-known/backstage/permissions`. */
export function createPermissionsRouter(
  registry: PermissionsRegistry,
  { httpAuth }: { httpAuth: Pick<HttpAuthService, 'credentials'> },
): Router {
  const router = express.Router();
  router.get(`${base}/metadata`, async (_req, res) => {
    res.json(await registry.metadata());
  });
  router.post(`${base}/apply-conditions`, express.json({ limit: '1mb' }), async (req, res) => {
    const { principal } = await httpAuth.credentials(req);
    // With conditions of their own, users could find out what is in resources that they may not read.
    if (isUserAlone(principal as BackstagePrincipalTypes['user'])) {
      throw new NotAllowedError('Conditions are applied for plugins, such as the permission plugin, alone');
    }
    const items = await applyConditions(registry, readApplyConditionsRequest(req.body));
    res.json({ items });
  });
  return router;
}

function isUserAlone({ type, actor }: BackstagePrincipalTypes['user']): boolean {
  return type === 'user' && actor === undefined;
}
