// The digest plugin: asks the notes plugin, wherever it runs, for all notes and lists their titles.
import { coreServices, createBackendPlugin, fetchDurably } from '@greenroom/backend-plugin-api';
import { clockServiceRef } from '@internal/environment';
import type { Note } from '@internal/plugin-notes-node';
import { Router } from 'express';

/** Serves `/api/digest`. */
export const digestPlugin = createBackendPlugin({
  pluginId: 'digest',
  register(reg) {
    reg.registerInit({
      deps: {
        auth: coreServices.auth,
        clock: clockServiceRef,
        discovery: coreServices.discovery,
        httpRouter: coreServices.httpRouter,
      },
      async init({ auth, clock, discovery, httpRouter }) {
        const router = Router();
        router.get('/', async (_req, res) => {
          const { token } = await auth.getPluginRequestToken({
            onBehalfOf: await auth.getOwnServiceCredentials(),
            targetPluginId: 'notes',
          });
          const answer = await fetchDurably(await discovery.getBaseUrl('notes'), {
            headers: { authorization: `Bearer ${token}` },
          });
          if (!answer.ok)
            throw new Error(`The notes plugin answered ${answer.status}: ${await answer.text()}`);
          const notes = (await answer.json()) as Note[];
          res.json({ at: clock.now(), titles: notes.map(({ title }) => title) });
        });
        httpRouter.use(router);
        httpRouter.addAuthPolicy({ path: '/', allow: 'unauthenticated' });
      },
    });
  },
});
