// The entry point of the package: the notes plugin.
export { notesPlugin as default } from './notesPlugin';
