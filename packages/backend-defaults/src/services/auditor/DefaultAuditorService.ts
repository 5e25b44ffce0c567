// Turns audit events into records: who did what, by which request, and with what outcome.
import type {
  AuditorService,
  AuditorServiceCreateEventOptions,
  AuditorServiceEvent,
  HttpAuthService,
  PluginMetadataService,
} from '@greenroom/backend-plugin-api';
import { withoutUndefined } from '../../withoutUndefined';
import { callerOf } from '../httpAuth/callerOf';
import type {
  AuditorEvent,
  AuditorEventActorDetails,
  AuditorEventStatus,
  AuditorLogFunction,
} from './AuditorEvent';

type AuditedRequest = NonNullable<AuditorServiceCreateEventOptions['request']>;

/**
 * Dependencies of {@link DefaultAuditorService}.
 *
 * @public
 */
export interface DefaultAuditorServiceDeps {
  plugin: PluginMetadataService;
  /** Identifies the caller of a request. If undefined, the actor of a request has no `actorId`. */
  httpAuth?: Pick<HttpAuthService, 'credentials'>;
}

/**
 * The audit log of one plugin. Each event produces two records: one when it begins, one with its outcome. Errors of
 * `logFn` reach the caller, so that nothing continues unrecorded.
 *
 * @public
 */
export class DefaultAuditorService implements AuditorService {
  readonly #log: AuditorLogFunction;
  readonly #deps: DefaultAuditorServiceDeps;

  static create(logFn: AuditorLogFunction, deps: DefaultAuditorServiceDeps): DefaultAuditorService {
    return new DefaultAuditorService(logFn, deps);
  }

  private constructor(log: AuditorLogFunction, deps: DefaultAuditorServiceDeps) {
    this.#log = log;
    this.#deps = deps;
  }

  async createEvent(options: AuditorServiceCreateEventOptions): Promise<AuditorServiceEvent> {
    const { eventId, severityLevel = 'low', request } = options;
    // Read now: by the time of the outcome, the request may be over or handled by another router.
    const common = {
      plugin: this.#deps.plugin.getId(),
      eventId,
      severityLevel,
      actor: await this.#actor(request),
      ...(request && { request: { url: request.originalUrl, method: request.method } }),
    };
    const record = async (status: AuditorEventStatus, meta?: AuditorEvent['meta']) => {
      const allMeta = options.meta || meta ? { ...options.meta, ...meta } : undefined;
      await this.#log({ ...common, ...(allMeta && { meta: allMeta }), ...status });
    };
    await record({ status: 'initiated' });
    return {
      success: outcome => record({ status: 'succeeded' }, outcome?.meta),
      fail: ({ error, meta }) => record({ status: 'failed', error }, meta),
    };
  }

  async #actor(request: AuditedRequest | undefined): Promise<AuditorEventActorDetails> {
    if (!request) {
      return { actorId: `plugin:${this.#deps.plugin.getId()}` };
    }
    const { httpAuth } = this.#deps;
    const { ip, hostname } = request;
    // Must not fail on invalid credentials: an audit log has to record such requests.
    const actorId = httpAuth && (await callerOf(httpAuth, request));
    return withoutUndefined({ actorId, ip, hostname, userAgent: request.get('user-agent') });
  }
}
