// The catalog module that logs refusals.
export { catalogModuleLogs, catalogModuleLogs as default } from './catalogModuleLogs';
