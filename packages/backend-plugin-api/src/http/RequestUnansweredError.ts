// The error for a request to another backend that got no response, or only part of one.
import { GreenroomError } from '../internal/errors';

/** Details of the request. */
export interface UnansweredRequest {
  readonly method: string;
  readonly url: string;
  readonly attempts: number;
  /** What went wrong in the last attempt. */
  readonly reason: string;
  /** Whether it may have been carried out, and must not be carried out twice. */
  readonly mayBeDone: boolean;
  readonly cause?: unknown;
}

/** Says where there was no response and why, and whether the request may have been carried out nevertheless. */
export class RequestUnansweredError extends GreenroomError {
  /** Whether it may have been carried out, and must not be carried out twice. */
  readonly mayBeDone: boolean;

  constructor({ method, url, attempts, reason, mayBeDone, cause }: UnansweredRequest) {
    // The query may contain data that must not be logged.
    const { origin, pathname } = new URL(url);
    const often = attempts > 1 ? ` in ${attempts} attempts` : '';
    super({
      code: 'GR_REQUEST_UNANSWERED',
      message: `${method} ${origin}${pathname} got no answer${often}: ${reason}`,
      hint: mayBeDone
        ? 'It may have been carried out nevertheless: look whether it was before it is sent again.'
        : 'Check that a backend runs there, and that it can be reached from here.',
      cause,
    });
    this.mayBeDone = mayBeDone;
  }
}
