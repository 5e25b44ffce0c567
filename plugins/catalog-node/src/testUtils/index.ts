// The subpath ./testUtils: a catalog for tests of plugins that ask one.
export { catalogServiceMock, type CatalogServiceMock } from './catalogServiceMock';
