// What modules of the notes plugin import: its extension point.
import { createExtensionPoint } from '@greenroom/backend-plugin-api';

/** A note, as stored by the plugin. */
export interface Note {
  title: string;
  text: string;
}

/** How modules extend the notes plugin. */
export interface NotesExtensionPoint {
  /** Adds a note that exists from the start. */
  addNote(note: Note): void;
}

/** The reference that modules depend on. */
export const notesExtensionPoint = createExtensionPoint<NotesExtensionPoint>({ id: 'notes.notes' });
