// Declares the scaffolder plugin, with its extension points and dependencies.
import { createBackendPlugin } from '@greenroom/backend-plugin-api';
import {
  type AutocompleteHandler,
  scaffolderActionsExtensionPoint,
  scaffolderAutocompleteExtensionPoint,
  scaffolderTemplatingExtensionPoint,
  type TemplateAction,
} from '@greenroom/plugin-scaffolder-node';
import { scaffolderServices } from './scaffolderServices';
import { TemplatingExtensions } from './templates/TemplatingExtensions';

/**
 * The scaffolder plugin: runs the templates in the catalog, and serves `/api/scaffolder`.
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
      deps: scaffolderServices,
      async init(services) {
        // Loaded only when a backend starts: the template interpreter and the validator cost more than everything else.
        const { startScaffolder } = await import('./startScaffolder');
        await startScaffolder({ ...services, addedActions, extensions, autocompleteHandlers });
      },
    });
  },
});
