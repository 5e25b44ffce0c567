// Holds the service instances of one owner: of a plugin, or of the root.
import { reasonOf } from '../errors';
import { SpanRecorder, type SpanId } from '../report/SpanRecorder';

/** Why a service could not be made. In a chain each has its own, which refers to the next one: copied, their paths grow with the square of its length. */
export class ServiceFailure {
  /** The further it is from its cause, the greater. */
  readonly distance: number;

  constructor(
    /** Missing for the context of a service, which fails with that. */
    readonly id: string | undefined,
    readonly cause: unknown,
    readonly inner?: ServiceFailure,
  ) {
    this.distance = inner ? inner.distance + 1 : 1;
  }

  /** By which services it was reached, outermost first. */
  get ids(): string[] {
    return idsFrom(this);
  }

  get message(): string {
    return reasonOf(this.cause);
  }
}

function idsFrom(failure: ServiceFailure): string[] {
  const ids: string[] = [];
  for (let at: ServiceFailure | undefined = failure; at; at = at.inner) {
    if (at.id !== undefined) ids.push(at.id);
  }
  return ids;
}

/** Of more services than that, a plugin uses a few: its array stays sparse. */
const MOST_SLOTS = 128;

let over: SpanRecorder | undefined;

/** Where nothing is recorded any more. Made when it is needed: the clock of a recorder is a module that Node loads for it. */
function nothingRecorded(): SpanRecorder {
  if (!over) {
    over = new SpanRecorder();
    over.end(over.whole);
  }
  return over;
}

/** One of these is made for every plugin, so its fields are set once, in the constructor. */
export class ServiceScope {
  declare readonly owner: string;
  declare spans: SpanRecorder;
  /** By the slot of a node: an instance, or a promise while it is made; nothing where none was asked for, or where it failed. */
  declare instances: unknown[];
  /** The spans of the instances that are being made, by slot; missing until one takes time. */
  declare making: Map<number, SpanId> | undefined;
  /** Why instances could not be made, by slot; missing until one fails. */
  declare failures: Map<number, ServiceFailure> | undefined;
  /** Set when its shutdown hooks are run: nothing is made after that. */
  declare closed: boolean;

  constructor(owner: string, spans: SpanRecorder, slots = 0) {
    this.owner = owner;
    this.spans = spans;
    // oxlint-disable-next-line unicorn/no-new-array -- of exactly this size, where a literal that grows takes thrice as much
    this.instances = slots > MOST_SLOTS ? [] : new Array<unknown>(slots);
    this.making = undefined;
    this.failures = undefined;
    this.closed = false;
  }

  /** Lets go of the record: what is made from now on is no part of it. */
  stopRecording(): void {
    this.spans = nothingRecorded();
  }

  /** Called when nothing is made here any more: keeps the instances in these slots alone. */
  release(kept: readonly number[]): void {
    this.stopRecording();
    const { instances } = this;
    this.instances = [];
    for (const slot of kept) if (instances[slot] !== undefined) this.instances[slot] = instances[slot];
  }
}
