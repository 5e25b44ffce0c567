// Serves the actions of a plugin.
import { InputError } from '@backstage/errors';
import type { HttpAuthService } from '@greenroom/backend-plugin-api';
import express, { type Router } from 'express';
import type { ActionsRegistry } from './ActionsRegistry';

const base = '/.backstage/actions';

/**
 * Routes below `/.backstage/actions`: the list, and two versions of the call, whose body is the input (v1) or input
 * and secrets (v2).
 */
export function createActionsRouter(
  registry: ActionsRegistry,
  options: { httpAuth: Pick<HttpAuthService, 'credentials'> },
): Router {
  const { httpAuth } = options;
  const router = express.Router();
  const json = express.json({ limit: '1mb' });
  router.get(`${base}/v1/actions`, async (req, res) => {
    const credentials = await httpAuth.credentials(req);
    res.json({ actions: await registry.list(credentials) });
  });
  router.post(`${base}/v1/actions/:id/invoke`, json, async (req, res) => {
    const credentials = await httpAuth.credentials(req);
    res.json(await registry.invoke(req.params.id!, { input: req.body, credentials }));
  });
  router.post(`${base}/v2/actions/:id/invoke`, json, async (req, res) => {
    const credentials = await httpAuth.credentials(req);
    const { body = {} } = req;
    const unknown = Object.keys(body).find(key => key !== 'input' && key !== 'secrets');
    if (Array.isArray(body) || unknown) {
      throw new InputError('The body must be an object with input, secrets, or both');
    }
    res.json(
      await registry.invoke(req.params.id!, { input: body.input, secrets: body.secrets, credentials }),
    );
  });
  return router;
}
