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

/** The role of a span in a call. */
export type TracingServiceSpanKind = 'internal' | 'server' | 'client' | 'producer' | 'consumer';

/** How a span ended. */
export interface TracingServiceSpanStatus {
  code: 'unset' | 'ok' | 'error';
  message?: string;
}

/** An open span. */
export interface TracingServiceSpan {
  setAttribute(key: string, value: TracingServiceAttributeValue): void;
  setStatus(status: TracingServiceSpanStatus): void;
}

/** Options of a span. */
export interface TracingServiceSpanOptions {
  attributes?: TracingServiceAttributes;
  /** Defaults to `internal`. */
  kind?: TracingServiceSpanKind;
  /** The caller, added to the span if `backend.tracing.capture.endUser` is set. Takes precedence over `request`. */
  credentials?: BackstageCredentials;
  /** A request whose credentials identify the caller. */
  request?: Request<any, any, any, any, any>;
}

/** Creates the spans of one plugin. */
export interface TracingService {
  /** Runs `fn` in a new span, which ends when `fn` finishes or fails. A failure is recorded on it, and passed on. */
  startActiveSpan<T>(name: string, fn: (span: TracingServiceSpan) => T | Promise<T>): Promise<T>;
  /** Runs `fn` in a new span with options. */
  startActiveSpan<T>(
    name: string,
    options: TracingServiceSpanOptions,
    fn: (span: TracingServiceSpan) => T | Promise<T>,
  ): Promise<T>;
  /** The context of new spans. */
  readonly context: TracingServiceContextAPI;
  /** Extracts contexts from callers, if that doesn't happen automatically. */
  readonly propagation: TracingServicePropagationAPI;
}

/** Reads and sets the context of new spans. */
export interface TracingServiceContextAPI {
  /** Returns the current context. */
  active(): TracingServiceContext;
  /** Runs `fn` in another context. */
  with<T>(context: TracingServiceContext, fn: () => T | Promise<T>): Promise<T>;
}

/** Extracts contexts and baggage from what a caller sent. */
export interface TracingServicePropagationAPI {
  /** Returns `context` with the caller's trace and baggage from `carrier`, usually HTTP headers. */
  extract(
    context: TracingServiceContext,
    carrier: Record<string, string | string[] | undefined>,
  ): TracingServiceContext;
  /** Returns the baggage of a context, if it has any. */
  getBaggage(context: TracingServiceContext): TracingServiceBaggage | undefined;
  /** Returns the baggage of the current context, if it has any. */
  getActiveBaggage(): TracingServiceBaggage | undefined;
}

/** An opaque context. Pass it on unchanged. */
export interface TracingServiceContext {
  readonly $$type: '@backstage/TracingServiceContext';
}

/** The baggage that callers sent, read-only. */
export interface TracingServiceBaggage {
  getAllEntries(): Array<[string, TracingServiceBaggageEntry]>;
}

/** An entry of a baggage. */
export interface TracingServiceBaggageEntry {
  value: string;
}
