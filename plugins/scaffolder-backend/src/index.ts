// The scaffolder plugin.
export { scaffolderPlugin, scaffolderPlugin as default } from './scaffolderPlugin';
