// The error for input that has to be corrected before a repository can be created.

/**
 * The message says in one sentence what is wrong, and `hint` says what to do.
 *
 * @public
 */
export class CreateBackendError extends Error {
  readonly code = 'GR_CREATE_BACKEND';

  constructor(
    message: string,
    readonly hint: string,
  ) {
    super(`${message}. ${hint}`);
    this.name = 'CreateBackendError';
  }
}
