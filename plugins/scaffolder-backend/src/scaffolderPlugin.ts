// Declares the scaffolder plugin: what it offers to modules, and what it needs.
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
      deps: scaffolderServices,
      async init(services) {
        // Loaded only when a backend starts: the interpreter and the validator cost more than all the rest.
        const { startScaffolder } = await import('./startScaffolder');
        await startScaffolder({ ...services, addedActions, extensions, autocompleteHandlers });
      },
    });
  },
});
