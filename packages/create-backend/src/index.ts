// The public surface: making a repository for a backend.
export { CreateBackendError } from './CreateBackendError';
export { createRepository, type CreateRepositoryOptions } from './createRepository';
