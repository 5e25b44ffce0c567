// Declares the scaffolder plugin: what it offers to modules, and what it needs.
import { coreServices, createBackendPlugin } from '@greenroom/backend-plugin-api';
import { metricsServiceRef, tracingServiceRef } from '@greenroom/backend-plugin-api/alpha';
import { catalogServiceRef } from '@greenroom/plugin-catalog-node';
import {
  type AutocompleteHandler,
  scaffolderActionsExtensionPoint,
  scaffolderAutocompleteExtensionPoint,
  scaffolderTemplatingExtensionPoint,
  type TemplateAction,
} from '@greenroom/plugin-scaffolder-node';
import { TemplatingExtensions } from './templates/TemplatingExtensions';

/**
 * The scaffolder: runs the steps of templates in the catalog, and serves what happens at `/api/scaffolder`.
 *
 * @public
 */
export const scaffolderPlugin = createBackendPlugin({
  pluginId: 'scaffolder',
  register(reg) {
    const addedActions: TemplateAction[] = [];
    const extensions = new TemplatingExtensions();
    const autocompleteHandlers = new Map<string, AutocompleteHandler>();
    reg.registerExtensionPoint(scaffolderActionsExtensionPoint, {
      addActions: (...actions) => void addedActions.push(...actions),
    });
    reg.registerExtensionPoint(scaffolderTemplatingExtensionPoint, extensions);
    reg.registerExtensionPoint(scaffolderAutocompleteExtensionPoint, {
      addAutocompleteProvider: ({ id, handler }) => void autocompleteHandlers.set(id, handler),
    });

    reg.registerInit({
      deps: {
        auditor: coreServices.auditor,
        auth: coreServices.auth,
        catalog: catalogServiceRef,
        config: coreServices.rootConfig,
        database: coreServices.database,
        httpAuth: coreServices.httpAuth,
        httpRouter: coreServices.httpRouter,
        lifecycle: coreServices.lifecycle,
        logger: coreServices.logger,
        metrics: metricsServiceRef,
        permissions: coreServices.permissions,
        permissionsRegistry: coreServices.permissionsRegistry,
        rootLifecycle: coreServices.rootLifecycle,
        tracing: tracingServiceRef,
        urlReader: coreServices.urlReader,
      },
      async init(services) {
        // Loaded only when a backend starts: the interpreter and the validator cost more than all the rest.
        const { startScaffolder } = await import('./startScaffolder');
        await startScaffolder({ ...services, addedActions, extensions, autocompleteHandlers });
      },
    });
  },
});
