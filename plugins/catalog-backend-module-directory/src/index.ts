// The module, as a backend adds it.
export { catalogModuleDirectory, catalogModuleDirectory as default } from './catalogModuleDirectory';
