// The interface of the audit log.
import type { JsonObject } from '@backstage/types';
import type { Request } from 'express';

/**
 * The severity of an event: `low` for normal use, `medium` for writes, `high` for changes to permissions, `critical`
 * for changes to the permissions of administrators.
 */
export type AuditorServiceEventSeverityLevel = 'low' | 'medium' | 'high' | 'critical';

/** Options of {@link AuditorService.createEvent}. */
export type AuditorServiceCreateEventOptions = {
  /** Names a group of similar events, in kebab-case, without the plugin's ID: `entity-fetch`. */
  eventId: string;
  /** Defaults to `low`. */
  severityLevel?: AuditorServiceEventSeverityLevel;
  /** The request that caused the event. The actor is taken from its credentials; without a request it is the plugin. */
  request?: Request<any, any, any, any, any>;
  /** Additional fields, such as a `queryType` that distinguishes variants of an event. */
  meta?: JsonObject;
};

/** An event in progress. Call exactly one of its methods when the outcome is known. */
export type AuditorServiceEvent = {
  /** Records that the event succeeded. */
  success(options?: { meta?: JsonObject }): Promise<void>;
  /** Records that the event failed, and the error. */
  fail(options: { meta?: JsonObject; error: Error }): Promise<void>;
};

/** Writes the audit log: who did what, and whether it succeeded. */
export interface AuditorService {
  /** Records that an event has begun. */
  createEvent(options: AuditorServiceCreateEventOptions): Promise<AuditorServiceEvent>;
}
