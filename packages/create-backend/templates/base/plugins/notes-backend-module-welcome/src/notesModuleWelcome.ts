// A module that adds a note for people who are new to the backend.
import { createBackendModule } from '@greenroom/backend-plugin-api';
import { notesExtensionPoint } from '@internal/plugin-notes-node';

/** Adds a welcome note. */
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
