// The module, as a backend adds it.
export { catalogModuleLogs, catalogModuleLogs as default } from './catalogModuleLogs';
