// The public names of published packages that ours are not interchangeable with, each with the reason.

const callable = 'Ours returns features that can also be called, as in the older `backend.add(plugin())`';
const nominal =
  'Has private members, and the compiler takes no other class for it; the public ones are compared by themselves';
const takesMore =
  'Ours takes imports of CommonJS features by their type too; what is written for theirs fits';
const tellsOutcome = '`stop()` resolves to what came of it, rather than to nothing';

const connections =
  'Connections are experimental; `connectionsServiceFactory` of the published defaults can be added';

/** By entry point and assertion. An exception that is not needed is a failure. */
export const typeExceptions = {
  '@backstage/backend-plugin-api': {
    'CreateBackendFeatureLoaderOptions (type, ours for theirs)': takesMore,
    'createServiceFactory (value, theirs for ours)': callable,
    'createBackendFeatureLoader (value, theirs for ours)': callable,
    'createBackendModule (value, theirs for ours)': callable,
    'createBackendPlugin (value, theirs for ours)': callable,
  },
  '@backstage/backend-plugin-api/alpha': {
    'connectionsServiceRef (value, ours for theirs)': connections,
    'connectionsServiceRef (value, theirs for ours)': connections,
    'declareConnection (value, ours for theirs)': connections,
    'declareConnection (value, theirs for ours)': connections,
  },
  '@backstage/backend-test-utils': {
    'ServiceFactoryTester (type, ours for theirs)': nominal,
    'ServiceFactoryTester (value, ours for theirs)': nominal,
    'TestCaches (type, ours for theirs)': nominal,
    'TestCaches (value, ours for theirs)': nominal,
    'TestDatabases (type, ours for theirs)': nominal,
    'TestDatabases (value, ours for theirs)': nominal,
    'TestBackend (type, ours for theirs)': tellsOutcome,
    'TestBackendOptions (type, ours for theirs)': takesMore,
    'startTestBackend (value, ours for theirs)': tellsOutcome,
  },
  '@backstage/backend-test-utils/alpha': {
    'MockActionsRegistry (type, ours for theirs)': nominal,
    'MockActionsRegistry (value, ours for theirs)': nominal,
    'actionsRegistryServiceMock (value, ours for theirs)': 'Returns a `MockActionsRegistry`',
  },
};
