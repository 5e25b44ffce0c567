// Adds a note for people who see the backend for the first time.
import { createBackendModule } from '@greenroom/backend-plugin-api';
import { notesExtensionPoint } from '@internal/plugin-notes-node';

/** Welcomes them. */
export const notesModuleWelcome = createBackendModule({
  pluginId: 'notes',
  moduleId: 'welcome',
  register(reg) {
    reg.registerInit({
      deps: { notes: notesExtensionPoint },
      async init({ notes }) {
        notes.addNote({ title: 'welcome', text: 'This note comes from a module.' });
      },
    });
  },
});
