// The routes for templates: forms, actions, templating extensions, dry runs and autocompletion.
import { InputError, NotFoundError } from '@backstage/errors';
import type { AuditorService, HttpAuthService } from '@greenroom/backend-plugin-api';
import type { AutocompleteHandler } from '@greenroom/plugin-scaffolder-node';
import express, { Router } from 'express';
import type { ActionRegistry } from '../actions/ActionRegistry';
import type { DryRuns } from '../dryRun/DryRuns';
import { readDryRunRequest } from '../dryRun/readDryRunRequest';
import type { ScaffolderAccess } from '../permissions/ScaffolderAccess';
import { readTexts } from '../tasks/ScaffolderTasks';
import { parameterSchemaOf } from '../templates/parameterSchemaOf';
import type { TemplateSource } from '../templates/TemplateSource';
import type { TemplatingExtensions } from '../templates/TemplatingExtensions';
import { audited } from './audited';

/** What the routes need. */
export interface TemplatesRouterOptions {
  readonly templates: TemplateSource;
  readonly access: ScaffolderAccess;
  readonly actions: ActionRegistry;
  readonly dryRuns: DryRuns;
  readonly extensions: TemplatingExtensions;
  readonly autocompleteHandlers: ReadonlyMap<string, AutocompleteHandler>;
  readonly auditor: AuditorService;
  readonly httpAuth: HttpAuthService;
}

/** Creates the router for `/v2`. */
export function createTemplatesRouter(options: TemplatesRouterOptions): Router {
  const { access, actions, auditor, autocompleteHandlers, dryRuns, extensions, httpAuth, templates } =
    options;
  const router = Router();

  router.get('/templates/:namespace/:kind/:name/parameter-schema', async (request, res) => {
    const { namespace, kind, name } = request.params;
    const templateRef = `${kind}:${namespace}/${name}`;
    const credentials = await httpAuth.credentials(request);
    const event = { request, eventId: 'template-parameter-schema', meta: { templateRef } };
    const template = await audited(auditor, event, async () => {
      const found = await templates.find(templateRef, credentials);
      return access.visiblePart(found.template, credentials);
    });
    res.json(parameterSchemaOf(template));
  });

  router.get('/actions', async (request, res) => {
    await audited(auditor, { request, eventId: 'action-fetch', meta: {} }, async () => {});
    res.json(actions.list());
  });

  router.get('/templating-extensions', async (request, res) => {
    await audited(auditor, { request, eventId: 'templating-extension-fetch', meta: {} }, async () => {});
    res.json(await extensions.describe());
  });

  // The limit is high because the template's files are sent along, in base64.
  router.post('/dry-run', express.json({ limit: '30mb' }), async (request, res) => {
    const closed = new AbortController();
    res.on('close', () => closed.abort(new Error('Nobody waits for the dry run any more')));
    const body = readDryRunRequest(request.body);
    const credentials = await httpAuth.credentials(request);
    const meta = { actionType: 'dry-run', template: body.template.metadata.name };
    const event = { request, eventId: 'task', meta };
    res.json(await audited(auditor, event, () => dryRuns.run(body, credentials, closed.signal)));
  });

  router.post('/autocomplete/:provider/:resource', express.json(), async (request, res) => {
    const { provider, resource } = request.params;
    const { token, context: given } = Object(request.body) as Record<string, unknown>;
    if (typeof token !== 'string') throw new InputError("The body must be JSON with a 'token'");
    const context = readTexts('context', given);
    const handler = autocompleteHandlers.get(provider);
    if (!handler) {
      const known = [...autocompleteHandlers.keys()].join(', ') || 'none';
      throw new NotFoundError(`There is no autocomplete provider '${provider}'; known: ${known}`);
    }
    const event = { request, eventId: 'autocomplete', meta: { provider, resource } };
    const { results } = await audited(auditor, event, () => handler({ resource, token, context }));
    res.json({ results });
  });

  return router;
}
