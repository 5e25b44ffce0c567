// The errors of the events service.
import { GreenroomError } from '@greenroom/backend-plugin-api/internal';

/** An event was not accepted. */
export class EventPublishError extends GreenroomError {
  constructor({ topic, what, hint, cause }: { topic: string; what: string; hint: string; cause?: unknown }) {
    super({
      code: 'GR_EVENTS_PUBLISH',
      message: `An event of topic '${topic}' was not published: ${what}${cause instanceof Error ? `: ${cause.message}` : ''}`,
      hint,
      cause,
    });
  }
}
