// Records a request in the audit log: that it began, and how it ended.
import { toError } from '@backstage/errors';
import type { JsonObject } from '@backstage/types';
import type { AuditorService, AuditorServiceEventSeverityLevel } from '@greenroom/backend-plugin-api';
import type { Request } from 'express';

/** What is recorded. */
export interface AuditedRequest {
  readonly auditor: AuditorService;
  readonly request: Request;
  readonly eventId: string;
  /** `medium` for what changes something. Defaults to `low`. */
  readonly severityLevel?: AuditorServiceEventSeverityLevel;
  readonly meta: JsonObject;
}

/** Gives what `work` gives, which may have something to add to the record. */
export async function audited<T>(
  options: AuditedRequest,
  work: (add: (meta: JsonObject) => void) => Promise<T>,
): Promise<T> {
  const { auditor, request, eventId, severityLevel, meta } = options;
  const event = await auditor.createEvent({
    eventId,
    request,
    meta,
    ...(severityLevel && { severityLevel }),
  });
  const added: JsonObject = {};
  try {
    const result = await work(more => void Object.assign(added, more));
    await event.success({ meta: added });
    return result;
  } catch (error) {
    await event.fail({ error: toError(error), meta: added });
    throw error;
  }
}
