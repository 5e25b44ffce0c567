// A plugin in a file of its own, for tests of roles.
import { createBackendPlugin } from '@greenroom/backend-plugin-api';

export const searchPlugin = createBackendPlugin({
  pluginId: 'search',
  register: reg => reg.registerInit({ deps: {}, init: async () => {} }),
});
