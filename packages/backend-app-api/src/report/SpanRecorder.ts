// Records the spans of a start: what was done when, for whom, and within what. Kept in columns, because wiring is made of thousands of them.
import type { StartupSpan, StartupSpanKind } from './StartupResult';

/** A span by its position. */
export type SpanId = number;

const OPEN = -1;
const NO_PARENT = -1;
/** What is begun when the recording is over. */
const NOT_RECORDED = -1;

/** The spans of one start, in the order in which they began. */
export class SpanRecorder {
  readonly beginAt = new Date();
  readonly #origin = performance.now();
  readonly #names: string[] = [];
  readonly #kinds: StartupSpanKind[] = [];
  readonly #owners: string[] = [];
  readonly #parents: number[] = [];
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  /** For spans that wait for one that another began: which. Made only where that happens. */
  readonly #waits = new Map<SpanId, SpanId>();
  #over = false;
  /** The span that contains all others. */
  readonly whole: SpanId = this.begin('start', 'start', 'root', NO_PARENT);

  /** Begins a span. Once the whole has ended, what still goes on is no longer recorded. */
  begin(kind: StartupSpanKind, name: string, owner: string, parent: SpanId): SpanId {
    if (this.#over) return NOT_RECORDED;
    this.#kinds.push(kind);
    this.#names.push(name);
    this.#owners.push(owner);
    this.#parents.push(parent);
    this.#ends.push(OPEN);
    return this.#starts.push(this.#now()) - 1;
  }

  end(span: SpanId): void {
    if (span === NOT_RECORDED || this.#over) return;
    this.#ends[span] = this.#now();
    if (span === this.whole) this.#over = true;
  }

  /** Notes that `span` waits for `other`, which is not within it: two consumers share what one of them began. */
  waitsFor(span: SpanId, other: SpanId): void {
    if (this.#parents[other] !== span) this.#waits.set(span, other);
  }

  /** When a span began, and how many milliseconds it took; where it has not ended, up to now or to the end of the whole. */
  timesOf(span: SpanId): { beginAt: Date; resultAt: Date; durationMs: number } {
    const start = this.#starts[span]!;
    const ended = this.#ends[span] === OPEN ? this.#ends[this.whole]! : this.#ends[span]!;
    const end = ended === OPEN ? this.#now() : ended;
    return { beginAt: this.#date(start), resultAt: this.#date(end), durationMs: end - start };
  }

  /** The steps within `span` that are still open, each within the one before: the last is what everything waits for. */
  openWithin(span: SpanId): string[] {
    const chain: string[] = [];
    for (let inner = this.#openStepOf(span); inner !== undefined; inner = this.#openStepOf(inner)) {
      const word = this.#word(inner);
      if (word) chain.push(word);
    }
    return chain;
  }

  #openStepOf(span: SpanId): SpanId | undefined {
    const inner = this.#parents.findLastIndex((parent, at) => parent === span && this.#ends[at] === OPEN);
    if (inner !== -1) return inner;
    const other = this.#waits.get(span);
    return other !== undefined && this.#ends[other] === OPEN ? other : undefined;
  }

  /** All spans as objects. */
  list(): StartupSpan[] {
    return this.#names.map((name, id) => ({
      id,
      name,
      kind: this.#kinds[id]!,
      owner: this.#owners[id]!,
      start: this.#starts[id]!,
      ...(this.#ends[id] !== OPEN && { end: this.#ends[id]! }),
      ...(this.#parents[id] !== NO_PARENT && { parent: this.#parents[id]! }),
    }));
  }

  /** Nothing for the steps of the engine itself, which only contain others. */
  #word(span: SpanId): string | undefined {
    const name = this.#names[span]!;
    const kind = this.#kinds[span]!;
    switch (kind) {
      case 'root':
      case 'plugins':
        return undefined;
      case 'collect':
        return 'the features that were added';
      case 'loader':
        return `the feature loader ${name}`;
      case 'init':
        return `the init of plugin '${name}'`;
      case 'hook':
        return name;
      default:
        return `${kind} '${name}'`;
    }
  }

  #now(): number {
    return performance.now() - this.#origin;
  }

  #date(sinceBegin: number): Date {
    return new Date(this.beginAt.getTime() + sinceBegin);
  }
}
