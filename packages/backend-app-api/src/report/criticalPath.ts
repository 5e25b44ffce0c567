// Computes from the spans what a start was waiting for at each moment.
import type { CriticalPathEntry, StartupSpan } from './StartupResult';

/**
 * Walks backwards from the end: a span last waited for the child that ended last. Time that no child covers is the
 * span's own. The entries are in chronological order, and add up to the duration of the first span.
 */
export function criticalPath(spans: readonly StartupSpan[]): CriticalPathEntry[] {
  const whole = spans[0];
  if (whole?.end === undefined) return [];
  // By index of the parent, the child that ended last first.
  const children: StartupSpan[][] = spans.map(() => []);
  const ended = spans.filter(({ parent, end }) => parent !== undefined && end !== undefined);
  for (const span of ended.sort((a, b) => b.end! - a.end!)) children[span.parent!]!.push(span);

  const backwards: CriticalPathEntry[] = [];
  const add = ({ id, name, kind, owner }: StartupSpan, ms: number) => {
    if (ms > 0) backwards.push({ span: id, name, kind, owner, ms });
  };
  const walk = (span: StartupSpan, from: number, to: number) => {
    let at = to;
    for (const child of children[span.id]!) {
      if (child.end! > at || child.end! <= from) continue;
      add(span, at - child.end!);
      walk(child, Math.max(child.start, from), child.end!);
      at = Math.max(child.start, from);
    }
    add(span, at - from);
  };
  walk(whole, whole.start, whole.end);
  return backwards.reverse();
}
