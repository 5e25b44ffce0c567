// The subpath ./testUtils: an in-memory catalog for tests.
export { catalogServiceMock, type CatalogServiceMock } from './catalogServiceMock';
