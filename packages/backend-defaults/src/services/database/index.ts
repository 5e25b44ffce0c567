// The subpath ./database.
export { assertSqliteSuits } from './sqlite/assertSqliteSuits';
export type { ConnectionPoolUsage } from './ConnectionPool';
export { DatabaseConnections } from './DatabaseConnections';
export {
  DatabaseBusyError,
  DatabaseClosedError,
  DatabaseConnectionError,
  DatabaseDriverMissingError,
  DatabaseDriverUnsuitedError,
  UnknownDatabaseClientError,
} from './databaseErrors';
export { databaseServiceFactory } from './factory';
