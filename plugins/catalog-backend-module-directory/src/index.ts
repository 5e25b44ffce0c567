// The catalog module for local folders.
export { catalogModuleDirectory, catalogModuleDirectory as default } from './catalogModuleDirectory';
