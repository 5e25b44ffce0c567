// Starts the scaffolder: wires up its parts and its routes.
import type { AutocompleteHandler, TemplateAction } from '@greenroom/plugin-scaffolder-node';
import { Router } from 'express';
import { ActionRegistry } from './actions/ActionRegistry';
import { createBuiltinActions } from './actions/createBuiltinActions';
import { readScaffolderSettings } from './config/readScaffolderSettings';
import { DryRuns } from './dryRun/DryRuns';
import { createTasksRouter } from './http/createTasksRouter';
import { createTemplatesRouter } from './http/createTemplatesRouter';
import { refuseNul } from './http/refuseNul';
import { ScaffolderAccess } from './permissions/ScaffolderAccess';
import type { ScaffolderServices } from './scaffolderServices';
import { startTasks } from './startTasks';
import { TaskMetrics } from './tasks/TaskMetrics';
import type { StepTools } from './tasks/runSteps';
import type { TemplatingExtensions } from './templates/TemplatingExtensions';
import { TemplateRenderer } from './templates/TemplateRenderer';
import { TemplateSource } from './templates/TemplateSource';

/** What the scaffolder needs. */
export interface ScaffolderEnvironment extends ScaffolderServices {
  /** Actions added by modules. */
  readonly addedActions: readonly TemplateAction[];
  readonly extensions: TemplatingExtensions;
  readonly autocompleteHandlers: ReadonlyMap<string, AutocompleteHandler>;
}

/** Resolves once tasks can be created. */
export async function startScaffolder(environment: ScaffolderEnvironment): Promise<void> {
  const { addedActions, auditor, catalog, extensions, httpAuth, urlReader } = environment;
  const settings = readScaffolderSettings(environment.config);
  const renderer = new TemplateRenderer(extensions.addBuiltins(environment.config));
  const actions = new ActionRegistry();
  const builtinActions = createBuiltinActions({ renderer, urlReader, catalog });
  for (const action of [...builtinActions, ...addedActions]) actions.register(action);

  const tools: StepTools = {
    actions,
    renderer,
    environment: settings.environment,
    workingDirectory: settings.workingDirectory,
    metrics: new TaskMetrics(environment.metrics),
  };
  const access = new ScaffolderAccess(environment.permissions, environment.permissionsRegistry);
  const templates = new TemplateSource(environment.catalog);
  const { tasks, feed } = await startTasks({ ...environment, settings, access, templates, tools });

  const stopping = new AbortController();
  environment.rootLifecycle.addBeforeShutdownHook(() => stopping.abort());
  const router = Router();
  router.use(refuseNul);
  router.use('/v2/tasks', createTasksRouter({ tasks, feed, auditor, httpAuth, stopping: stopping.signal }));
  router.use(
    '/v2',
    createTemplatesRouter({
      ...environment,
      access,
      actions,
      templates,
      dryRuns: new DryRuns(tools, access, { auth: environment.auth, templates }),
    }),
  );
  environment.httpRouter.use(router);
}
