// The public API for creating a repository with a backend.
export { CreateBackendError } from './CreateBackendError';
export { createRepository, type CreateRepositoryOptions } from './createRepository';
