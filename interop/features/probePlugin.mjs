// A plugin that shows what a plugin sees of the services: who calls, what the caller may do, which events came.
import { coreServices, createBackendPlugin } from '@backstage/backend-plugin-api';
import { createPermission } from '@backstage/plugin-permission-common';
import { eventsServiceRef } from '@backstage/plugin-events-node';

const permission = createPermission({ name: 'interop.look', attributes: { action: 'read' } });

const probePlugin = createBackendPlugin({
  pluginId: 'probe',
  register(env) {
    env.registerInit({
      deps: {
        httpRouter: coreServices.httpRouter,
        httpAuth: coreServices.httpAuth,
        userInfo: coreServices.userInfo,
        permissions: coreServices.permissions,
        events: eventsServiceRef,
      },
      async init({ httpRouter, httpAuth, userInfo, permissions, events }) {
        const received = [];
        await events.subscribe({
          id: 'probe',
          topics: ['interop'],
          onEvent: async event => void received.push(event.eventPayload),
        });
        const answers = {
          '/whoami': async req => {
            const credentials = await httpAuth.credentials(req, { allow: ['user'] });
            return { ...credentials.principal, ...(await userInfo.getUserInfo(credentials)) };
          },
          '/decision': async req => {
            const credentials = await httpAuth.credentials(req, { allow: ['user'] });
            return (await permissions.authorize([{ permission }], { credentials }))[0];
          },
          '/events': async () => received,
        };
        httpRouter.use((req, res, next) => {
          const answer = answers[req.path];
          if (!answer) return next();
          answer(req).then(body => res.json(body), next);
        });
      },
    });
  },
});

export { probePlugin as default };
