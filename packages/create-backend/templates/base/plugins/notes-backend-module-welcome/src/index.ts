// The package of a module of the notes plugin.
export { notesModuleWelcome as default } from './notesModuleWelcome';
