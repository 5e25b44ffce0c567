// The interface of the root logger, from which all other loggers are derived.
import type { LoggerService } from './LoggerService';

/** The logger of the backend itself, which belongs to no plugin. */
export interface RootLoggerService extends LoggerService {}
