// Creates the spans of a plugin with OpenTelemetry's API.
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
  /** Whether spans have the attribute `enduser.id`: a user's entity ref, or a service's subject. */
  captureEndUser: boolean;
  /** Reads the credentials from a span's request. */
  httpAuth: Pick<HttpAuthService, 'credentials'>;
  /** Masks secrets in a text. Default: nothing is masked. */
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
 * Uses the tracer provider that is registered, now or later. If there is none, work runs without spans.
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

  /** Runs the work in a span that ends with it. A failure is recorded on the span and rethrown. */
  startActiveSpan<T>(name: string, ...rest: [Work<T>] | [TracingServiceSpanOptions, Work<T>]): Promise<T> {
    const [options, work] = rest.length === 1 ? [{}, rest[0]] : rest;
    const { attributes, kind = 'internal' } = options;
    return this.#tracer.startActiveSpan(name, { attributes, kind: kinds[kind] }, async span => {
      try {
        // For a span that is not sampled, the end user would be looked up in vain.
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
    // The lookup accepts any request: whether it is allowed is for the work to decide.
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
