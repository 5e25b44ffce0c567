// The service reference of the scaffolder, with its default factory.
import { coreServices, createServiceFactory, createServiceRef } from '@greenroom/backend-plugin-api';
import type { ScaffolderService } from './ScaffolderService';

/**
 * The scaffolder, whether it runs in the same backend or in another one.
 *
 * @example
 * ```ts
 * reg.registerInit({
 *   deps: { auth: coreServices.auth, scaffolder: scaffolderServiceRef },
 *   async init({ auth, scaffolder }) {
 *     const credentials = await auth.getOwnServiceCredentials();
 *     const values = { name: 'lights' };
 *     const { taskId } = await scaffolder.scaffold({ templateRef: 'template:library', values }, { credentials });
 *   },
 * });
 * ```
 *
 * @public
 */
export const scaffolderServiceRef = createServiceRef<ScaffolderService>({
  id: 'scaffolder-client',
  defaultFactory: async service =>
    createServiceFactory({
      service,
      deps: { auth: coreServices.auth, discovery: coreServices.discovery },
      async factory(deps) {
        const { HttpScaffolderService } = await import('./HttpScaffolderService');
        return new HttpScaffolderService(deps);
      },
    }),
});
