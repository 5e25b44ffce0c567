// What is recorded of an audit event.
import type { AuditorServiceEventSeverityLevel } from '@greenroom/backend-plugin-api';
import type { JsonObject } from '@backstage/types';

/**
 * Who caused an event; what is not known is missing.
 *
 * @public
 */
export type AuditorEventActorDetails = {
  /** The reference of a user's entity, the subject of a service, or `plugin:<id>` where no request is concerned. */
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
 * How far an event has come.
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
  /** That of the event, and over it that of its outcome. */
  meta?: JsonObject;
  request?: AuditorEventRequest;
} & AuditorEventStatus;

/**
 * Where records go.
 *
 * @public
 */
export type AuditorLogFunction = (event: AuditorEvent) => void | Promise<void>;
