// The notes plugin: stores notes in its database and serves them over HTTP.
import { coreServices, createBackendPlugin } from '@greenroom/backend-plugin-api';
import { notesExtensionPoint, type Note } from '@internal/plugin-notes-node';
import { createRouter } from './createRouter';
import { NoteStore } from './NoteStore';

/** Serves `/api/notes`. Modules can add notes that exist from the start. */
export const notesPlugin = createBackendPlugin({
  pluginId: 'notes',
  register(reg) {
    const firstNotes: Note[] = [];
    reg.registerExtensionPoint(notesExtensionPoint, { addNote: note => firstNotes.push(note) });
    reg.registerInit({
      deps: {
        database: coreServices.database,
        httpAuth: coreServices.httpAuth,
        httpRouter: coreServices.httpRouter,
        logger: coreServices.logger,
      },
      async init({ database, httpAuth, httpRouter, logger }) {
        const store = await NoteStore.open(await database.getClient());
        await store.addMissing(firstNotes);
        httpRouter.use(createRouter({ store, httpAuth }));
        // Everybody may read. Without this policy, every request would need credentials.
        httpRouter.addAuthPolicy({ path: '/', allow: 'unauthenticated' });
        logger.info(`Ready; notes from modules: ${firstNotes.length}`);
      },
    });
  },
});
