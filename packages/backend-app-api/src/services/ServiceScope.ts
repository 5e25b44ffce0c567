// Holds the service instances of one owner: of a plugin, or of the root.
import type { InternalServiceFactory } from '@greenroom/backend-plugin-api/internal';
import type { SpanId, SpanRecorder } from '../report/SpanRecorder';

/** The instances of one owner, a plugin or the root, by factory: an instance, a promise while it is made, or its failure. */
export class ServiceScope {
  readonly instances = new Map<InternalServiceFactory, unknown>();
  /** The spans of the instances that are being made; missing until one takes time. */
  making?: Map<InternalServiceFactory, SpanId>;
  /** Set when its shutdown hooks are run: nothing is made after that. */
  closed = false;

  constructor(
    readonly owner: string,
    readonly spans: SpanRecorder,
  ) {}
}
