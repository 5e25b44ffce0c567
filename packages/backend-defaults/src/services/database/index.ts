// The subpath ./database.
export { DatabaseConnections } from './DatabaseConnections';
export {
  DatabaseClosedError,
  DatabaseConnectionError,
  DatabaseDriverMissingError,
  UnknownDatabaseClientError,
} from './databaseErrors';
export { databaseServiceFactory } from './factory';
