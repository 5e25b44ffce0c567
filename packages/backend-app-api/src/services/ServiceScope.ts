// Holds the service instances of one owner: a plugin, or the root.
import { reasonOf } from '../errors';
import { SpanRecorder, type SpanId } from '../report/SpanRecorder';

/** Why a service could not be made. Each failure in a chain refers to the next one; copied paths would grow quadratically. */
export class ServiceFailure {
  /** The number of services between this failure and its cause. */
  readonly distance: number;

  constructor(
    /** Undefined for the context of a service, which fails together with it. */
    readonly id: string | undefined,
    readonly cause: unknown,
    readonly inner?: ServiceFailure,
  ) {
    this.distance = inner ? inner.distance + 1 : 1;
  }

  /** The ids of the services on the way to the cause, outermost first. */
  get ids(): string[] {
    const ids = [this.id];
    for (let at = this.inner; at; at = at.inner) ids.push(at.id);
    return ids.filter(id => id !== undefined);
  }

  get message(): string {
    return reasonOf(this.cause);
  }
}

/** With more services than this, a plugin uses only a few of them, so its array stays sparse. */
const MOST_SLOTS = 128;

let over: SpanRecorder | undefined;

/** A recorder that no longer records. Created on demand, because Node loads a module for its clock. */
function nothingRecorded(): SpanRecorder {
  if (!over) {
    over = new SpanRecorder();
    over.end(over.whole);
  }
  return over;
}

export class ServiceScope {
  /** By slot: an instance, or a promise while it is being made; undefined if none was requested, or if it failed. */
  instances: unknown[];
  /** By slot, the spans of instances in the making; undefined until one is asynchronous. */
  making: Map<number, SpanId> | undefined;
  /** By slot, why instances could not be made; undefined until one fails. */
  failures: Map<number, ServiceFailure> | undefined;
  /** Set when its shutdown hooks run: nothing is made after that. */
  closed = false;
  /** Set while the shutdown hooks of a failed attempt at a plugin run. */
  leaving: Promise<void> | undefined;

  constructor(
    readonly owner: string,
    public spans: SpanRecorder,
    slots = 0,
  ) {
    // oxlint-disable-next-line unicorn/no-new-array -- of exactly this size, where a literal that grows takes thrice as much
    this.instances = slots > MOST_SLOTS ? [] : new Array<unknown>(slots);
  }

  /** Detaches from the record: whatever is made from now on is not part of it. */
  stopRecording(): void {
    this.spans = nothingRecorded();
  }

  /** Called when nothing more is made here. Keeps only the instances in these slots. */
  release(kept: readonly number[]): void {
    this.stopRecording();
    const { instances } = this;
    this.instances = [];
    for (const slot of kept) if (instances[slot] !== undefined) this.instances[slot] = instances[slot];
  }
}
