// The contract of the logger that all other loggers descend from.
import type { LoggerService } from './LoggerService';

/** The logger of the backend itself, which belongs to no plugin. */
export interface RootLoggerService extends LoggerService {}
