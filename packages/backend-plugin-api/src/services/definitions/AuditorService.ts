// The interface of the audit log.
import type { JsonObject } from '@backstage/types';
import type { Request } from 'express';

/**
 * How much an event matters: `low` for normal use, `medium` for writing, `high` for changes of permissions, `critical`
 * for changes of the permissions of administrators.
 */
export type AuditorServiceEventSeverityLevel = 'low' | 'medium' | 'high' | 'critical';

/** What is about to happen. */
export type AuditorServiceCreateEventOptions = {
  /** Names a group of similar events, in kebab-case, without the plugin's ID: `entity-fetch`. */
  eventId: string;
  /** Defaults to `low`. */
  severityLevel?: AuditorServiceEventSeverityLevel;
  /** The request that caused the event; the actor is taken from its credentials. */
  request?: Request<any, any, any, any, any>;
  /** Further fields, such as a `queryType` that tells variants of one event apart. */
  meta?: JsonObject;
};

/** An event that has begun. Call exactly one of its methods when the outcome is known. */
export type AuditorServiceEvent = {
  /** Books that it worked. */
  success(options?: { meta?: JsonObject }): Promise<void>;
  /** Books that it failed, and why. */
  fail(options: { meta?: JsonObject; error: Error }): Promise<void>;
};

/** Records who did what, and whether it worked. */
export interface AuditorService {
  /** Books that something has begun. */
  createEvent(options: AuditorServiceCreateEventOptions): Promise<AuditorServiceEvent>;
}
