// The error for a request to another backend that got no answer, or not a whole one.
import { GreenroomError } from '../internal/errors';

/** What is known of the request. */
export interface UnansweredRequest {
  readonly method: string;
  readonly url: string;
  readonly attempts: number;
  /** What went wrong at the last attempt. */
  readonly reason: string;
  /** Whether that matters: it may have been carried out, and must not be carried out twice. */
  readonly mayBeDone: boolean;
  readonly cause?: unknown;
}

/** Says where nobody answered and why, and whether what was asked for may have been done nevertheless. */
export class RequestUnansweredError extends GreenroomError {
  /** Whether it may have been carried out, and must not be carried out twice. */
  readonly mayBeDone: boolean;

  constructor({ method, url, attempts, reason, mayBeDone, cause }: UnansweredRequest) {
    // A query may hold what is not for logs.
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
