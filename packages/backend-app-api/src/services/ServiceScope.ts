// Holds the service instances of one owner: of a plugin, or of the root.
import type { SpanId, SpanRecorder } from '../report/SpanRecorder';

/** One of these is made for every plugin, so its fields are set once, in the constructor. */
export class ServiceScope {
  declare readonly owner: string;
  declare spans: SpanRecorder;
  /** By the slot of a node: an instance, a promise while it is made, or its failure; nothing where none was asked for. */
  declare instances: unknown[];
  /** The spans of the instances that are being made, by slot; missing until one takes time. */
  declare making: Map<number, SpanId> | undefined;
  /** Set when its shutdown hooks are run: nothing is made after that. */
  declare closed: boolean;

  constructor(owner: string, spans: SpanRecorder, slots = 0) {
    this.owner = owner;
    this.spans = spans;
    // oxlint-disable-next-line unicorn/no-new-array -- of exactly this size, where a literal that grows takes thrice as much
    this.instances = new Array<unknown>(slots);
    this.making = undefined;
    this.closed = false;
  }
}
