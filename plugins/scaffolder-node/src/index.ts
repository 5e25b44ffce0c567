// What modules of the scaffolder import: extension points, actions and template functions, and their types.
export * from './actions/ActionContext';
export * from './actions/createTemplateAction';
export * from './actions/TemplateAction';
export * from './extensionPoints/scaffolderActionsExtensionPoint';
export * from './extensionPoints/scaffolderAutocompleteExtensionPoint';
export * from './extensionPoints/scaffolderTemplatingExtensionPoint';
export * from './TaskSecrets';
export * from './TemplateInfo';
export * from './templating/createTemplateFilter';
export * from './templating/createTemplateGlobal';
export * from './templating/TemplateFunction';
