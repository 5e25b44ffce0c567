// The module, as a backend adds it.
export { scaffolderModuleGit, scaffolderModuleGit as default } from './scaffolderModuleGit';
