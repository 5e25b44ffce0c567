// The subpath ./auditor.
export type {
  AuditorEvent,
  AuditorEventActorDetails,
  AuditorEventRequest,
  AuditorEventStatus,
  AuditorLogFunction,
} from './AuditorEvent';
export { DefaultAuditorService, type DefaultAuditorServiceDeps } from './DefaultAuditorService';
export { auditorServiceFactory } from './factory';
