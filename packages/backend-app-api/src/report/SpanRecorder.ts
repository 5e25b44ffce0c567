// Records the spans of a start: what was done when, for whom, and within what. Kept in columns, because wiring is made of thousands of them.
import type { StartupSpan, StartupSpanKind } from './StartupResult';

/** A span by its position. */
export type SpanId = number;

/** The end of a span that has not ended. */
const OPEN = -1;
const NO_PARENT = -1;
/** What is begun when the recording is over. */
const NOT_RECORDED = -1;

/** The spans of one start, in the order in which they began. */
export class SpanRecorder {
  readonly beginAt = new Date();
  // Looked up once: as a global it is a getter, and a start asks for the time thousands of times.
  readonly #clock = performance;
  readonly #origin = this.#clock.now();
  /** Kind, name and owner of each span, one after the other. */
  readonly #words: string[] = [];
  #count = 0;
  #parents = new Int32Array(64);
  #starts = new Float64Array(64);
  #ends = new Float64Array(64);
  /** For spans that wait for one that another began: which. Made only where that happens. */
  readonly #waits = new Map<SpanId, SpanId>();
  #over = false;
  /** The span that contains all others. */
  readonly whole: SpanId = this.begin('start', 'start', 'root', NO_PARENT);

  /** Begins a span. Once the whole has ended, what still goes on is no longer recorded. */
  begin(kind: StartupSpanKind, name: string, owner: string, parent: SpanId): SpanId {
    if (this.#over) return NOT_RECORDED;
    const span = this.#count++;
    if (span === this.#parents.length) this.#grow();
    this.#words.push(kind, name, owner);
    this.#parents[span] = parent;
    this.#ends[span] = OPEN;
    this.#starts[span] = this.#clock.now() - this.#origin;
    return span;
  }

  end(span: SpanId): void {
    if (span === NOT_RECORDED || this.#over) return;
    this.#ends[span] = this.#clock.now() - this.#origin;
    if (span === this.whole) this.#over = true;
  }

  /** Notes that `span` waits for `other`, which is neither itself nor within it: two consumers share what one of them began. */
  waitsFor(span: SpanId, other: SpanId): void {
    if (other !== span && this.#parents[other] !== span) this.#waits.set(span, other);
  }

  /** When a span began, and how many milliseconds it took; where it has not ended, up to now or to the end of the whole. */
  timesOf(span: SpanId): { beginAt: Date; resultAt: Date; durationMs: number } {
    const start = this.#starts[span]!;
    const ended = this.#ends[span] === OPEN ? this.#ends[this.whole]! : this.#ends[span]!;
    const end = ended === OPEN ? this.#clock.now() - this.#origin : ended;
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
    for (let inner = this.#count - 1; inner > span; inner--) {
      if (this.#parents[inner] === span && this.#ends[inner] === OPEN) return inner;
    }
    const other = this.#waits.get(span);
    return other !== undefined && this.#ends[other] === OPEN ? other : undefined;
  }

  /** All spans as objects. */
  list(): StartupSpan[] {
    return Array.from({ length: this.#count }, (_, id) => {
      const [kind, name, owner] = this.#words.slice(3 * id, 3 * id + 3) as [StartupSpanKind, string, string];
      const [start, end, parent] = [this.#starts[id]!, this.#ends[id]!, this.#parents[id]!];
      return {
        id,
        name,
        kind,
        owner,
        start,
        ...(end !== OPEN && { end }),
        ...(parent !== NO_PARENT && { parent }),
      };
    });
  }

  /** Nothing for the steps of the engine itself, which only contain others. */
  #word(span: SpanId): string | undefined {
    const [kind, name] = this.#words.slice(3 * span, 3 * span + 2);
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

  #grow(): void {
    const twice = <T extends Int32Array | Float64Array>(from: T, to: T): T => {
      to.set(from);
      return to;
    };
    const length = 2 * this.#parents.length;
    this.#parents = twice(this.#parents, new Int32Array(length));
    this.#starts = twice(this.#starts, new Float64Array(length));
    this.#ends = twice(this.#ends, new Float64Array(length));
  }

  #date(sinceBegin: number): Date {
    return new Date(this.beginAt.getTime() + sinceBegin);
  }
}
