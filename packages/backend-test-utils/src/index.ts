// The public API for writing tests of plugins, modules and services.
export { ServiceFactoryTester, type ServiceFactoryTesterOptions } from './backend/ServiceFactoryTester';
export { startTestBackend, type TestBackend, type TestBackendOptions } from './backend/startTestBackend';
export { createServiceMock, type ServiceMock } from './createServiceMock';
export { mockCredentials, type MockServiceTokenOptions } from './credentials/mockCredentials';
export {
  createMockDirectory,
  type CreateMockDirectoryOptions,
  type MockDirectory,
  type MockDirectoryContent,
  type MockDirectoryContentCallback,
  type MockDirectoryContentCallbackContext,
  type MockDirectoryContentOptions,
} from './files/createMockDirectory';
export { mockErrorHandler } from './mockErrorHandler';
export { registerMswTestHooks } from './registerMswTestHooks';
export type { MockDatabaseOptions } from './services/database';
export { mockServices } from './services/mockServices';
export type { MockPermissionsOptions } from './services/permissions';
export type { MockRootConfig, MockRootConfigOptions } from './services/rootConfig';
export type { MockRootLoggerOptions } from './services/rootLogger';
export type { MockSchedulerOptions } from './services/scheduler';
export { TestCaches, type TestCacheId } from './stores/TestCaches';
export { TestDatabases, type TestDatabaseId } from './stores/TestDatabases';
