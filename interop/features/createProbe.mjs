// A plugin that exposes what a plugin sees of the services (the caller, its permissions, received events), and calls others.
import { coreServices, createBackendPlugin } from '@backstage/backend-plugin-api';
import { createPermission } from '@backstage/plugin-permission-common';
import { eventsServiceRef } from '@backstage/plugin-events-node';
import { signalsServiceRef } from '@backstage/plugin-signals-node';

const permission = createPermission({ name: 'interop.look', attributes: { action: 'read' } });

/** Two of them with different ids show what one backend accepts from another. */
export function createProbe(pluginId) {
  return createBackendPlugin({
    pluginId,
    register(env) {
      env.registerInit({
        deps: {
          auth: coreServices.auth,
          discovery: coreServices.discovery,
          httpRouter: coreServices.httpRouter,
          httpAuth: coreServices.httpAuth,
          userInfo: coreServices.userInfo,
          permissions: coreServices.permissions,
          events: eventsServiceRef,
          signals: signalsServiceRef,
        },
        async init(services) {
          const answers = { ...createAnswers(services), ...(await listen(services.events, pluginId)) };
          services.httpRouter.use((req, res, next) => {
            const answer = answers[req.path];
            if (!answer) return next();
            answer(req).then(body => res.json(body), next);
          });
        },
      });
    },
  });
}

async function listen(events, id) {
  const received = [];
  await events.subscribe({
    id,
    topics: ['interop'],
    onEvent: async event => void received.push(event.eventPayload),
  });
  return { '/events': async () => received };
}

function createAnswers({ auth, discovery, httpAuth, permissions, signals, userInfo }) {
  const userOf = req => httpAuth.credentials(req, { allow: ['user'] });

  async function call(to, { onBehalfOf, targetPluginId = to }) {
    const { token } = await auth.getPluginRequestToken({ onBehalfOf, targetPluginId });
    const response = await fetch(`${await discovery.getBaseUrl(to)}/principal`, {
      headers: { authorization: `Bearer ${token}` },
    });
    return { status: response.status, ...(response.ok && (await response.json())) };
  }

  return {
    '/whoami': async req => {
      const credentials = await userOf(req);
      return { ...credentials.principal, ...(await userInfo.getUserInfo(credentials)) };
    },
    '/principal': async req => (await httpAuth.credentials(req)).principal,
    '/signal': async () => {
      await signals.publish({
        recipients: { type: 'broadcast' },
        channel: 'interop',
        message: { ship: 'passes' },
      });
      return {};
    },
    '/decision': async req => {
      const credentials = await userOf(req);
      return (await permissions.authorize([{ permission }], { credentials }))[0];
    },
    // How the plugin `to` accepts calls from here: for the user, for this plugin, and with a token for another plugin.
    '/calls': async req => {
      const { to } = req.query;
      const user = await userOf(req);
      return {
        forUser: await call(to, { onBehalfOf: user }),
        forItself: await call(to, { onBehalfOf: await auth.getOwnServiceCredentials() }),
        misdirected: await call(to, { onBehalfOf: user, targetPluginId: 'elsewhere' }),
      };
    },
  };
}
