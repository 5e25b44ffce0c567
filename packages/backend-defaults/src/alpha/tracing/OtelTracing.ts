// Makes the spans of one plugin with OpenTelemetry's API.
import type { HttpAuthService } from '@greenroom/backend-plugin-api';
import type {
  TracingService,
  TracingServiceSpan,
  TracingServiceSpanOptions,
} from '@greenroom/backend-plugin-api/alpha';
import { SpanKind, SpanStatusCode, trace, type Span, type Tracer } from '@opentelemetry/api';
import { callerOf, nameOf } from '../../services/httpAuth/callerOf';
import { exceptionOf } from '../../services/telemetry/exceptionOf';
import type { InstrumentationScope } from '../InstrumentationScope';
import { contextApi, propagationApi } from './traceContext';

/** Options of {@link OtelTracing}. */
export interface OtelTracingOptions {
  scope: InstrumentationScope;
  /** Whether spans carry `enduser.id`: the entity of a user, or the subject of a service. */
  captureEndUser: boolean;
  /** Reads the credentials of a span's request. */
  httpAuth: Pick<HttpAuthService, 'credentials'>;
  /** Masks what must not show in a text. Default: nothing is masked. */
  redact?: (text: string) => string;
}

type Work<T> = (span: TracingServiceSpan) => T | Promise<T>;

const kinds = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
};
const statusCodes = { unset: SpanStatusCode.UNSET, ok: SpanStatusCode.OK, error: SpanStatusCode.ERROR };

/**
 * A tracer of the tracer provider that is registered, now or later; without one, work runs without spans.
 *
 * @alpha
 */
export class OtelTracing implements TracingService {
  readonly context = contextApi;
  readonly propagation = propagationApi;
  readonly #options: OtelTracingOptions;
  readonly #tracer: Tracer;

  constructor(options: OtelTracingOptions) {
    const { name, version, schemaUrl } = options.scope;
    this.#options = options;
    this.#tracer = trace.getTracerProvider().getTracer(name, version, { schemaUrl });
  }

  /** Runs the work in a span, which ends with it. A failure is recorded on the span and thrown on. */
  startActiveSpan<T>(name: string, ...rest: [Work<T>] | [TracingServiceSpanOptions, Work<T>]): Promise<T> {
    const [options, work] = rest.length === 1 ? [{}, rest[0]] : rest;
    const { attributes, kind = 'internal' } = options;
    return this.#tracer.startActiveSpan(name, { attributes, kind: kinds[kind] }, async span => {
      try {
        // An SDK that samples the span out would drop what is found out for it.
        if (this.#options.captureEndUser && span.isRecording()) {
          await this.#addEndUser(span, options);
        }
        return await work(toServiceSpan(span));
      } catch (error) {
        const exception = exceptionOf(error, this.#options);
        span.recordException(exception);
        span.setStatus({ code: SpanStatusCode.ERROR, message: exception.message });
        throw error;
      } finally {
        span.end();
      }
    });
  }

  async #addEndUser(span: Span, { credentials, request }: TracingServiceSpanOptions): Promise<void> {
    // Whether the request is allowed at all is for the work to decide, not for the one who watches it.
    const name = credentials
      ? nameOf(credentials)
      : request && (await callerOf(this.#options.httpAuth, request));
    if (name !== undefined) span.setAttribute('enduser.id', name);
  }
}

function toServiceSpan(span: Span): TracingServiceSpan {
  return {
    setAttribute(key, value) {
      span.setAttribute(key, value);
    },
    setStatus({ code, message }) {
      span.setStatus({ code: statusCodes[code], message });
    },
  };
}
