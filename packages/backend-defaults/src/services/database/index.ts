// The subpath ./database.
export type { ConnectionPoolUsage } from './ConnectionPool';
export { DatabaseConnections } from './DatabaseConnections';
export {
  DatabaseBusyError,
  DatabaseClosedError,
  DatabaseConnectionError,
  DatabaseDriverMissingError,
  UnknownDatabaseClientError,
} from './databaseErrors';
export { databaseServiceFactory } from './factory';
