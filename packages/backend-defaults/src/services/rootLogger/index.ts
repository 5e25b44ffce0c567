// The subpath ./rootLogger.
export { type RootLoggerFactoryOptions, rootLoggerServiceFactory } from './factory';
export { type LevelOverride, type LogLevel, LoggerOptionsError } from './LevelFilter';
export type { LogDestination } from './LogWriter';
export { RootLogger, type RootLoggerOptions } from './RootLogger';
