// Records the spans of a start: what was done when, for whom, and within what. Thousands of them in a start, so they are kept in two lists, and in fields without `#`, which cost code that has not run often a search each.
import type { StartupSpan, StartupSpanKind } from './StartupResult';

/** A span by its position. */
export type SpanId = number;

/** The end of a span that has not ended. */
const OPEN = -1;
/** The parent of the whole, and what is begun when the recording is over. */
const NO_SPAN = -1;

/** Spans are kept in blocks of this many: one list that grows would be copied again and again. */
const ROWS = 256;

/** A name, worded only if somebody reads it. */
type Worded = { toString(): string };

/** Three words a span: kind, name, owner; and three numbers: the span that contains it, its begin, its end. */
interface Block {
  readonly words: Worded[];
  readonly numbers: Float64Array;
}

/** The spans of one start, in the order in which they began. */
export class SpanRecorder {
  readonly beginAt = new Date();
  // A start asks for the time thousands of times, and `performance.now` makes three calls to tell it.
  private readonly seconds = process.uptime;
  private readonly origin = this.now();
  private readonly blocks: Block[] = [];
  private count = 0;
  /** For spans that wait for one that another began: which. */
  private readonly waits = new Map<SpanId, SpanId>();
  private over = false;
  /** The span that contains all others. */
  readonly whole: SpanId = this.begin('start', 'start', 'root', NO_SPAN);

  /** The time, as {@link begin} and {@link end} take it from those who have asked already and done nothing since. */
  now(): number {
    return 1_000 * this.seconds();
  }

  /** Begins a span. Once the whole has ended, what still goes on is no longer recorded. */
  begin(
    kind: StartupSpanKind,
    name: Worded,
    owner: string,
    parent: SpanId,
    at = 1_000 * this.seconds(),
  ): SpanId {
    if (this.over) return NO_SPAN;
    const span = this.count++;
    const row = 3 * (span % ROWS);
    if (row === 0) this.addBlock();
    const { words, numbers } = this.blocks[this.blocks.length - 1]!;
    words[row] = kind;
    words[row + 1] = name;
    words[row + 2] = owner;
    numbers[row] = parent;
    numbers[row + 1] = at;
    numbers[row + 2] = OPEN;
    return span;
  }

  private addBlock(): void {
    // oxlint-disable-next-line unicorn/no-new-array -- of exactly this size
    this.blocks.push({ words: new Array(3 * ROWS), numbers: new Float64Array(3 * ROWS) });
  }

  /** Ends a span; gives the time at which it did. */
  end(span: SpanId, at = 1_000 * this.seconds()): number {
    if (span === NO_SPAN || this.over) return at;
    this.blocks[Math.floor(span / ROWS)]!.numbers[3 * (span % ROWS) + 2] = at;
    if (span === this.whole) this.over = true;
    return at;
  }

  /** Notes that `span` waits for `other`, which is neither itself nor within it: two consumers share what one of them began. */
  waitsFor(span: SpanId, other: SpanId): void {
    if (other !== span && this.numberOf(other, 0) !== span) this.waits.set(span, other);
  }

  /** When a span began, and how many milliseconds it took; where it has not ended, up to now or to the end of the whole. */
  timesOf(span: SpanId): { beginAt: Date; resultAt: Date; durationMs: number } {
    const { start, end = this.spanOf(this.whole).end ?? this.now() - this.origin } = this.spanOf(span);
    const date = (sinceBegin: number) => new Date(this.beginAt.getTime() + sinceBegin);
    return { beginAt: date(start), resultAt: date(end), durationMs: end - start };
  }

  /** The steps within `span` that are still open, each within the one before: the last is what everything waits for. */
  openWithin(span: SpanId): string[] {
    const chain: string[] = [];
    for (let inner = this.openStepOf(span); inner !== undefined; inner = this.openStepOf(inner)) {
      const word = this.word(inner);
      if (word) chain.push(word);
    }
    return chain;
  }

  private openStepOf(span: SpanId): SpanId | undefined {
    for (let inner = this.count - 1; inner > span; inner--) {
      if (this.numberOf(inner, 0) === span && this.numberOf(inner, 2) === OPEN) return inner;
    }
    const other = this.waits.get(span);
    return other !== undefined && this.numberOf(other, 2) === OPEN ? other : undefined;
  }

  /** All spans as objects. */
  list(): StartupSpan[] {
    return Array.from({ length: this.count }, (_, id) => this.spanOf(id));
  }

  private spanOf(id: SpanId): StartupSpan {
    const { words, numbers } = this.blocks[Math.floor(id / ROWS)]!;
    const row = 3 * (id % ROWS);
    const [kind, name, owner] = words.slice(row, row + 3).map(String) as [StartupSpanKind, string, string];
    const end = numbers[row + 2] === OPEN ? undefined : numbers[row + 2]! - this.origin;
    const parent = numbers[row] === NO_SPAN ? undefined : numbers[row];
    const start = numbers[row + 1]! - this.origin;
    return {
      id,
      name,
      kind,
      owner,
      start,
      ...(end !== undefined && { end }),
      ...(parent !== undefined && { parent }),
    };
  }

  private numberOf(span: SpanId, column: number): number | undefined {
    return this.blocks[Math.floor(span / ROWS)]?.numbers[3 * (span % ROWS) + column];
  }

  /** Nothing for the steps of the engine itself, which only contain others. */
  private word(span: SpanId): string | undefined {
    const { kind, name } = this.spanOf(span);
    switch (kind) {
      case 'plan':
      case 'root':
      case 'plugins':
        return undefined;
      case 'collect':
        return 'the features that were added';
      case 'import':
        return `the feature added at ${name}`;
      case 'loader':
        return `the feature loader ${name}`;
      case 'defaultFactory':
        return `the default factory of service '${name}'`;
      case 'init':
        return 'its init';
      case 'hook':
        return name;
      default:
        return `${kind} '${name}'`;
    }
  }
}
