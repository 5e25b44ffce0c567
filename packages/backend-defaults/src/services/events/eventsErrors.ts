// The errors of the events service.
import { GreenroomError } from '@greenroom/backend-plugin-api/internal';

/** An event was not accepted, so that nobody gets it. */
export class EventPublishError extends GreenroomError {
  constructor(options: { topic: string; what: string; hint: string; cause?: unknown }) {
    const { topic, what, hint, cause } = options;
    super({
      code: 'GR_EVENTS_PUBLISH',
      message: `An event of topic '${topic}' was not published: ${what}${cause instanceof Error ? `: ${cause.message}` : ''}`,
      hint,
      cause,
    });
  }
}
