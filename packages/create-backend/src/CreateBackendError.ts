// What a person has to change before a repository can be made.

/**
 * Says in one sentence what is in the way, and in `hint` what to do.
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
