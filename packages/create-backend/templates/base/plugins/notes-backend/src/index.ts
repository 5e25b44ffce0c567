// The package of the notes plugin.
export { notesPlugin as default } from './notesPlugin';
