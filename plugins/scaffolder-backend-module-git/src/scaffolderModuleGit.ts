// Declares the module that gives the scaffolder the action publish:git.
import { coreServices, createBackendModule } from '@greenroom/backend-plugin-api';
import { scaffolderActionsExtensionPoint } from '@greenroom/plugin-scaffolder-node';

/**
 * Adds the action `publish:git`, which puts what is in the workspace into a repository at any Git remote. It runs the
 * `git` of the system, version 2.28 or newer.
 *
 * @public
 */
export const scaffolderModuleGit = createBackendModule({
  pluginId: 'scaffolder',
  moduleId: 'git',
  register(reg) {
    reg.registerInit({
      deps: { actions: scaffolderActionsExtensionPoint, config: coreServices.rootConfig },
      async init({ actions, config }) {
        const { createPublishGitAction } = await import('./createPublishGitAction');
        const { readGitSettings } = await import('./readGitSettings');
        actions.addActions(createPublishGitAction(readGitSettings(config)));
      },
    });
  },
});
