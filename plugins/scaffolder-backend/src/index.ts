// The scaffolder plugin, as a backend adds it.
export { scaffolderPlugin, scaffolderPlugin as default } from './scaffolderPlugin';
