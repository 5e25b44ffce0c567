// Declares the scaffolder module for Git.
import { coreServices, createBackendModule } from '@greenroom/backend-plugin-api';
import { scaffolderActionsExtensionPoint } from '@greenroom/plugin-scaffolder-node';

/**
 * Adds the action `publish:git`, which pushes the workspace to a repository at any Git remote. Requires `git` 2.28 or
 * newer on the machine.
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
