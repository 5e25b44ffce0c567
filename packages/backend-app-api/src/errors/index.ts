// What the rest of the engine uses of its errors.
export { addedAt, EngineError, engineErrors, subject } from './EngineError';
export type { EngineErrorCode, EngineErrorFields } from './EngineError';
export { describe } from './describe';
export { EngineReason, listed, reasonOf } from './reasonOf';
