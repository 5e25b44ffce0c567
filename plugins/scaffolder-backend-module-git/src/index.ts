// The scaffolder module for Git.
export { scaffolderModuleGit, scaffolderModuleGit as default } from './scaffolderModuleGit';
