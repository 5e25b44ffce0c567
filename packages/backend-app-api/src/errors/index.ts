// What the rest of the engine uses of its errors.
export { addedAt, EngineError, subject, type EngineErrorCode, type EngineErrorFields } from './EngineError';
export { engineErrors } from './errorWordings';
export { describe, EngineReason, listed, reasonOf } from './reasonOf';
