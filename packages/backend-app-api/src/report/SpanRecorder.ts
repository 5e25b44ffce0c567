// Records the spans of a start: what was done when, for whom, and within what. Cheap, because wiring is made of thousands of them.
import type { StartupSpan, StartupSpanKind } from './StartupResult';

/** The spans of one start, in the order in which they began. */
export class SpanRecorder {
  readonly beginAt = new Date();
  readonly spans: StartupSpan[] = [];
  readonly #origin = performance.now();
  /** The span that contains all others. */
  readonly whole: StartupSpan = this.begin('start', 'start', 'root');

  /** Milliseconds since the start began. */
  now(): number {
    return performance.now() - this.#origin;
  }

  begin(kind: StartupSpanKind, name: string, owner: string, parent?: StartupSpan): StartupSpan {
    const span = {
      id: this.spans.length,
      name,
      kind,
      owner,
      start: this.now(),
      end: undefined,
      parent: parent?.id,
    };
    this.spans.push(span);
    return span;
  }

  end(span: StartupSpan): void {
    span.end = this.now();
  }

  /** The time of day of a moment since the start began. */
  date(sinceBegin: number): Date {
    return new Date(this.beginAt.getTime() + sinceBegin);
  }
}
