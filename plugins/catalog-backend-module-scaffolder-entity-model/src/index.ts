// The catalog module for the kind Template.
export {
  catalogModuleScaffolderEntityModel,
  catalogModuleScaffolderEntityModel as default,
} from './catalogModuleScaffolderEntityModel';
