// A scaffolder module with actions that return their input, or fail.
import { createBackendModule } from '@greenroom/backend-plugin-api';
import { createTemplateAction, scaffolderActionsExtensionPoint } from '@greenroom/plugin-scaffolder-node';

const echo = createTemplateAction({
  id: 'probe:echo',
  supportsDryRun: true,
  schema: { input: z => z.object({}).passthrough(), output: z => z.object({}).passthrough() },
  async handler(ctx) {
    for (const [name, value] of Object.entries(ctx.input)) ctx.output(name, value);
  },
});

const fail = createTemplateAction({
  id: 'probe:fail',
  supportsDryRun: true,
  async handler() {
    throw new Error('on purpose');
  },
});

export default createBackendModule({
  pluginId: 'scaffolder',
  moduleId: 'probe',
  register(reg) {
    reg.registerInit({
      deps: { actions: scaffolderActionsExtensionPoint },
      async init({ actions }) {
        actions.addActions(echo, fail);
      },
    });
  },
});
