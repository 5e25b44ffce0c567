// The public API for plugins and scaffolder modules: the scaffolder service, extension points, actions and template functions.
export * from './actions/ActionContext';
export * from './actions/createTemplateAction';
export * from './actions/TemplateAction';
export * from './extensionPoints/scaffolderActionsExtensionPoint';
export * from './extensionPoints/scaffolderAutocompleteExtensionPoint';
export * from './extensionPoints/scaffolderTemplatingExtensionPoint';
export * from './files/getRepoSourceDirectory';
export * from './service/ScaffolderService';
export * from './service/scaffolderServiceRef';
export * from './shell/executeShellCommand';
export * from './TaskSecrets';
export * from './TemplateInfo';
export * from './templating/createTemplateFilter';
export * from './templating/createTemplateGlobal';
export * from './templating/TemplateFunction';
