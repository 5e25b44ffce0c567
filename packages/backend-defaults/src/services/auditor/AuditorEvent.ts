// The records of audit events. Types only.
import type { AuditorServiceEventSeverityLevel } from '@greenroom/backend-plugin-api';
import type { JsonObject } from '@backstage/types';

/**
 * Who caused an event, as far as known.
 *
 * @public
 */
export type AuditorEventActorDetails = {
  /** A user's entity ref, a service's subject, or `plugin:<id>` if no request is involved. */
  actorId?: string;
  ip?: string;
  hostname?: string;
  userAgent?: string;
};

/**
 * The request that caused an event.
 *
 * @public
 */
export type AuditorEventRequest = { url: string; method: string };

/**
 * The state of an event.
 *
 * @public
 */
export type AuditorEventStatus =
  { status: 'initiated' } | { status: 'succeeded' } | { status: 'failed'; error: Error };

/**
 * One record of an event.
 *
 * @public
 */
export type AuditorEvent = {
  plugin: string;
  eventId: string;
  severityLevel: AuditorServiceEventSeverityLevel;
  actor: AuditorEventActorDetails;
  /** The event's meta, overridden by that of its outcome. */
  meta?: JsonObject;
  request?: AuditorEventRequest;
} & AuditorEventStatus;

/**
 * Writes a record.
 *
 * @public
 */
export type AuditorLogFunction = (event: AuditorEvent) => void | Promise<void>;
