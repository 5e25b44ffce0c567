// The interface for tracing.
import type { Request } from 'express';
import type { BackstageCredentials } from '../services/definitions/AuthService';

/** The value of an attribute of a span. */
export type TracingServiceAttributeValue =
  | string
  | number
  | boolean
  | Array<null | undefined | string>
  | Array<null | undefined | number>
  | Array<null | undefined | boolean>;

/** Attributes of a span. */
export interface TracingServiceAttributes {
  [key: string]: TracingServiceAttributeValue | undefined;
}

/** Which side of which kind of call a span is. */
export type TracingServiceSpanKind = 'internal' | 'server' | 'client' | 'producer' | 'consumer';

/** How a span ended. */
export interface TracingServiceSpanStatus {
  code: 'unset' | 'ok' | 'error';
  message?: string;
}

/** A span that is open. */
export interface TracingServiceSpan {
  setAttribute(key: string, value: TracingServiceAttributeValue): void;
  setStatus(status: TracingServiceSpanStatus): void;
}

/** Options of a span. */
export interface TracingServiceSpanOptions {
  attributes?: TracingServiceAttributes;
  /** Defaults to `internal`. */
  kind?: TracingServiceSpanKind;
  /** Whom the span is for; goes before `request`. */
  credentials?: BackstageCredentials;
  /** A request whose credentials tell whom the span is for. */
  request?: Request<any, any, any, any, any>;
}

/** Makes the spans of one plugin. */
export interface TracingService {
  /** Runs `fn` in a new span, which ends when `fn` is done or fails. */
  startActiveSpan<T>(name: string, fn: (span: TracingServiceSpan) => T | Promise<T>): Promise<T>;
  /** Runs `fn` in a new span with options. */
  startActiveSpan<T>(
    name: string,
    options: TracingServiceSpanOptions,
    fn: (span: TracingServiceSpan) => T | Promise<T>,
  ): Promise<T>;
  /** The context that new spans belong to. */
  readonly context: TracingServiceContextAPI;
  /** Takes contexts from callers, where that doesn't happen by itself. */
  readonly propagation: TracingServicePropagationAPI;
}

/** Reads and sets the context that new spans belong to. */
export interface TracingServiceContextAPI {
  /** The current one. */
  active(): TracingServiceContext;
  /** Runs `fn` in another one. */
  with<T>(context: TracingServiceContext, fn: () => T | Promise<T>): Promise<T>;
}

/** Reads contexts and baggage from what a caller sent. */
export interface TracingServicePropagationAPI {
  /** `context` with what `carrier`, usually HTTP headers, says about the caller's trace and baggage. */
  extract(
    context: TracingServiceContext,
    carrier: Record<string, string | string[] | undefined>,
  ): TracingServiceContext;
  /** The baggage of a context, if it has any. */
  getBaggage(context: TracingServiceContext): TracingServiceBaggage | undefined;
  /** The baggage of the current context, if it has any. */
  getActiveBaggage(): TracingServiceBaggage | undefined;
}

/** A context, to be passed back as it is. */
export interface TracingServiceContext {
  readonly $$type: '@backstage/TracingServiceContext';
}

/** What callers sent along, read only. */
export interface TracingServiceBaggage {
  getAllEntries(): Array<[string, TracingServiceBaggageEntry]>;
}

/** One entry of a baggage. */
export interface TracingServiceBaggageEntry {
  value: string;
}
