// Measures every request and wraps it in a span that continues the trace of its caller.
import { toError } from '@backstage/errors';
import type { Histogram, Span } from '@opentelemetry/api';
import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import { exceptionOf } from '../../telemetry/exceptionOf';
import type { Telemetry } from '../../telemetry/Telemetry';
import { statusOf } from '../errorResponse';
import { pluginOfUrl } from '../pluginOfUrl';

/** The handlers that measure and trace requests. */
export interface TelemetryMiddleware {
  /** Must come first in the chain. */
  measure: RequestHandler;
  /** Records errors in the span. Must come before the handler that answers them. */
  recordError: ErrorRequestHandler;
  /** Names the current request for an instrumentation, if the request does not pass through `measure`. */
  nameRoute(route: string): void;
}

/** Undefined if nobody listens, so that requests pass through nothing more. */
export async function createTelemetryMiddleware(
  telemetry: Telemetry,
  isPlugin: (id: string) => boolean,
): Promise<TelemetryMiddleware | undefined> {
  const { meter, tracer, isMeterShared } = telemetry;
  if (!meter && !tracer) return undefined;
  const { context, propagation, SpanKind, SpanStatusCode, trace } = await import('@opentelemetry/api');
  const { instrumentedRequest } = await import('./instrumentedRequest');
  const spans = new WeakMap<Request, Span>();
  const duration = meter?.createHistogram('http.server.request.duration', {
    unit: 's',
    description: 'How long requests took',
    advice: {
      explicitBucketBoundaries: [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
    },
  });
  const measure: RequestHandler = (req, res, next) => {
    const begin = performance.now();
    watchParams(req);
    const instrumented = instrumentedRequest();
    if (instrumented) {
      spans.set(req, instrumented.span);
      // Runs before the listener of the instrumentation, which ends the span and takes its measurement.
      res.prependOnceListener('close', () => {
        const attributes = describe(req, res, isPlugin);
        if (!isMeterShared) record(duration, begin, attributes);
        instrumented.span.setAttributes(attributes);
        instrumented.route = attributes['http.route'];
      });
      return next();
    }
    if (!tracer) {
      res.once('close', () => record(duration, begin, describe(req, res, isPlugin)));
      return next();
    }
    const around = context.active();
    // Whoever else has made a span has also taken over the trace of the caller.
    const outermost = trace.getSpan(around) === undefined;
    const caller = outermost ? propagation.extract(around, req.headers) : around;
    const span = tracer.startSpan(
      req.method,
      {
        kind: outermost ? SpanKind.SERVER : SpanKind.INTERNAL,
        attributes: { 'url.path': pathOf(req.originalUrl), 'url.scheme': req.protocol },
      },
      caller,
    );
    spans.set(req, span);
    res.once('close', () => {
      const attributes = describe(req, res, isPlugin);
      record(duration, begin, attributes);
      const route = attributes['http.route'];
      if (route) {
        span.updateName(`${req.method} ${route}`);
      }
      span.setAttributes(attributes);
      if (attributes['error.type']) {
        span.setStatus({ code: SpanStatusCode.ERROR });
      }
      span.end();
    });
    context.with(trace.setSpan(caller, span), next);
  };
  return {
    measure,
    recordError: (thrown, req, _res, next) => {
      // What is the caller's fault is not a failure here.
      if (statusOf(toError(thrown)) >= 500) spans.get(req)?.recordException(exceptionOf(thrown, telemetry));
      next(thrown);
    },
    nameRoute: route => {
      const instrumented = instrumentedRequest();
      if (instrumented) instrumented.route = route;
    },
  };
}

interface RequestAttributes {
  [name: string]: string | number | undefined;
  'http.request.method': string;
  'http.route'?: string;
}

function record(duration: Histogram | undefined, begin: number, attributes: RequestAttributes): void {
  duration?.record((performance.now() - begin) / 1_000, attributes);
}

/** Only values of which there are few: nothing that callers can make up. */
function describe(req: Request, res: Response, isPlugin: (id: string) => boolean): RequestAttributes {
  const attributes: RequestAttributes = { 'http.request.method': req.method };
  const plugin = pluginOfUrl(req.originalUrl, isPlugin);
  const route = routeOf(req as WatchedRequest, plugin);
  if (plugin !== undefined) attributes.plugin = plugin;
  if (route !== undefined) attributes['http.route'] = route;
  if (!res.writableFinished) {
    attributes['error.type'] = 'aborted';
    return attributes;
  }
  attributes['http.response.status_code'] = res.statusCode;
  if (res.statusCode >= 500) attributes['error.type'] = String(res.statusCode);
  return attributes;
}

const params = Symbol('params');
const found = Symbol('found');
type WatchedRequest = Request & {
  [params]: Request['params'] | undefined;
  /** The parameters that the router below each path has found last. */
  [found]: Map<string, Request['params'] | undefined>;
};

/** The same functions for all requests, because an object with accessors of its own makes all that reads it slow. */
const watched: PropertyDescriptor & ThisType<WatchedRequest> = {
  configurable: true,
  enumerable: true,
  get() {
    return this[params];
  },
  set(value: Request['params']) {
    this[params] = value;
    this[found].set(this.baseUrl ?? '', value);
  },
};

/** A router only passes parameters on to those that ask for them, so what each has found is noted as it is set. */
function watchParams(req: Request): void {
  Object.assign(req, { [params]: req.params, [found]: new Map() });
  Object.defineProperty(req, 'params', watched);
}

function routeOf(req: WatchedRequest, plugin: string | undefined): string | undefined {
  const base = plugin === undefined ? '' : `/api/${plugin}`;
  const own: unknown = req.route?.path;
  if (own === undefined) {
    return base || undefined;
  }
  const path = String(own);
  // By the time an error is answered, the routers have been left, and with them what preceded the path of the route.
  const before = req.baseUrl || (path.startsWith(`${base}/`) ? '' : base);
  // In nested routers, the path contains values of outer parameters. Of two equal values the first counts, the outer one.
  const outer = [...req[found]].filter(([above]) => above !== before && before.startsWith(above));
  const names = new Map(outer.flatMap(([, values]) => segmentsOf(values)).reverse());
  const segments = before.split('/').map(segment => names.get(decode(segment)) ?? segment.toLowerCase());
  const pattern = inOwnCase(segments.join('/'), base);
  return path === '/' ? pattern || '/' : `${pattern}${path}`;
}

/** Callers may write a path in any of a thousand cases, and routers don't say in which they were given it. */
function inOwnCase(path: string, base: string): string {
  return path.toLowerCase().startsWith(base.toLowerCase()) ? base + path.slice(base.length) : path;
}

/** Groups of expressions and wildcards may find several segments. What is outside of them can't be told from plain text. */
function segmentsOf(values: Request['params'] = {}): Array<[segment: string, name: string]> {
  return Object.entries(values).flatMap(([name, value]) =>
    [value ?? []]
      .flat()
      .flatMap(text => String(text).split('/'))
      .filter(segment => segment !== '')
      .map(segment => [segment, `:${name}`] as [string, string]),
  );
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function pathOf(url: string): string {
  const end = url.indexOf('?');
  return end === -1 ? url : url.slice(0, end);
}
