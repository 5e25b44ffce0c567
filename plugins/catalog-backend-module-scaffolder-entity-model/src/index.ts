// The module, as a backend adds it.
export {
  catalogModuleScaffolderEntityModel,
  catalogModuleScaffolderEntityModel as default,
} from './catalogModuleScaffolderEntityModel';
