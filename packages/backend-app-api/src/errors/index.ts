// What the rest of the engine uses from this folder.
export { describe, inQuotes } from '@greenroom/backend-plugin-api/internal';
export { addedAt, EngineError, subject, type EngineErrorCode } from './EngineError';
export { engineErrors } from './errorWordings';
export { askable, capitalised, EngineReason, listed, readable, reasonOf } from './reasonOf';
