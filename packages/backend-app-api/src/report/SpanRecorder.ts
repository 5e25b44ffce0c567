// Records the spans of a start. There are thousands, so they are kept in flat arrays; fields without `#` are faster in code that runs rarely.
import type { StartupSpan, StartupSpanKind } from './StartupResult';

/** The index of a span. */
export type SpanId = number;

/** The end of a span that has not ended. */
const OPEN = -1;
/** The parent of the outermost span; also returned by `begin` once the recording is over. */
const NO_SPAN = -1;

/** The number of spans per block: a single growing list would be copied again and again. */
const ROWS = 256;

/** A name, turned into text only if somebody reads it. */
type Worded = { toString(): string };

/** Per span three words (kind, name, owner) and three numbers (parent, begin, end). */
interface Block {
  readonly words: Worded[];
  readonly numbers: Float64Array;
}

/** The spans of one start, in the order in which they began. */
export class SpanRecorder {
  readonly beginAt = new Date();
  // A start reads the clock thousands of times, and `performance.now` makes three calls for each.
  private readonly seconds = process.uptime;
  private readonly origin = this.now();
  private readonly blocks: Block[] = [];
  private count = 0;
  /** Which span, begun by somebody else, a span waits for. */
  private readonly waits = new Map<SpanId, SpanId>();
  private over = false;
  /** The span that contains all others. */
  readonly whole: SpanId = this.begin('start', 'start', 'root', NO_SPAN);

  /** The current time. Pass it to {@link begin} or {@link end} to save another reading of the clock. */
  now(): number {
    return 1_000 * this.seconds();
  }

  /** Begins a span. Once the outermost span has ended, nothing is recorded any more. */
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

  /** Ends a span. Returns the time at which it ended. */
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

  /** When a span began and how long it took, in milliseconds; up to now if it has not ended. */
  timesOf(span: SpanId): { beginAt: Date; resultAt: Date; durationMs: number } {
    const { start, end = this.spanOf(this.whole).end ?? this.now() - this.origin } = this.spanOf(span);
    const date = (sinceBegin: number) => new Date(this.beginAt.getTime() + sinceBegin);
    return { beginAt: date(start), resultAt: date(end), durationMs: end - start };
  }

  /** The chain of open steps within `span`, outermost first: everything waits for the last one. */
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

  /** Undefined for the engine's own steps, which only contain others. */
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
