// Tells what a start waits for while something takes long.
import type { SpanId, SpanRecorder } from '../report/SpanRecorder';
import type { Announcer } from './Announcer';

/** Milliseconds after which a step is mentioned; then again each time it has taken twice as long. */
const FIRST_MENTION = 5_000;

/** A step that may take long. */
export interface WatchedStep {
  /** In words. */
  readonly subject: string;
  readonly span: SpanId;
}

/** Looks once a second, without keeping the process alive, until the returned function is called. */
export function watchLongSteps(
  spans: SpanRecorder,
  announcer: Announcer,
  openSteps: () => readonly WatchedStep[],
): () => void {
  if (!announcer.isHeard) return () => {};
  const next = new Map<SpanId, number>();
  const timer = setInterval(() => {
    for (const { subject, span } of openSteps()) {
      const elapsedMs = spans.timesOf(span).durationMs;
      const due = next.get(span) ?? FIRST_MENTION;
      if (elapsedMs < due) continue;
      next.set(span, Math.max(due * 2, elapsedMs));
      const waitsFor = spans.openWithin(span).join(' -> ');
      announcer.progress({ kind: 'waiting', subject, detail: `waits for ${waitsFor}`, elapsedMs });
    }
  }, 1_000);
  timer.unref();
  return () => clearInterval(timer);
}
