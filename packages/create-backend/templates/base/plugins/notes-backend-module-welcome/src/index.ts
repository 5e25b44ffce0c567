// The entry point of the package: a module of the notes plugin.
export { notesModuleWelcome as default } from './notesModuleWelcome';
