// The errors of reading from URLs, in addition to NotFoundError and NotModifiedError of the ecosystem.
import { NotAllowedError, NotFoundError } from '@backstage/errors';
import { GreenroomError } from '@greenroom/backend-plugin-api/internal';

/** The backend may not read the URL, or the host refuses access. A 403 over HTTP. */
export class UrlNotAllowedError extends NotAllowedError {
  readonly code = 'GR_URL_NOT_ALLOWED';
  /** The status of the host's response, if it was the host that refused. */
  readonly upstreamStatus?: number;

  /** @param problem - continues the sentence: `is not allowed: no reader ...` */
  constructor(url: URL, problem: string, hint: string, status?: number) {
    super(`Reading ${describeUrl(url)} ${problem}. ${hint}`);
    if (status !== undefined) this.upstreamStatus = status;
  }
}

/** The host says that there is nothing at the URL. A 404 over HTTP. */
export class UrlNotFoundError extends NotFoundError {
  readonly code = 'GR_URL_NOT_FOUND';

  constructor(url: URL, hint: string) {
    super(`There is nothing at ${describeUrl(url)}. ${hint}`);
  }
}

/** The host is unreachable, does not answer in time, or sends an unusable response. */
export class UrlReadError extends GreenroomError {
  /** The status of the host's response, if there was one. */
  readonly upstreamStatus?: number;

  constructor(url: URL, problem: string, options: { hint: string; status?: number; cause?: unknown }) {
    super({
      code: 'GR_URL_READ',
      message: `Reading ${describeUrl(url)} failed: ${problem}`,
      hint: options.hint,
      cause: options.cause,
    });
    if (options.status !== undefined) this.upstreamStatus = options.status;
  }
}

/** A file, an archive or a tree is larger than the configuration allows. */
export class UrlTooLargeError extends GreenroomError {
  /** @param key - the configuration key of the limit */
  constructor(what: string, options: { limit: string; key: string }) {
    super({
      code: 'GR_URL_TOO_LARGE',
      message: `${what} is larger than the limit of ${options.limit}`,
      hint: `Raise ${options.key} if that is what you want to read.`,
    });
  }
}

/** An archive is damaged, or made to write outside of its directory. */
export class ArchiveInvalidError extends GreenroomError {
  constructor(problem: string, cause?: unknown) {
    super({
      code: 'GR_ARCHIVE_INVALID',
      message: `The archive can't be used: ${problem}`,
      hint: 'Nothing of it is kept. Look at who provides it, and how.',
      cause,
    });
  }
}

/** A URL without its query and credentials, which may be secret. */
export function describeUrl(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`;
}
