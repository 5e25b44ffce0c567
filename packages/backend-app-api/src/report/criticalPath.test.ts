// Tests of the critical path: what the start waited for at each moment, and durations that add up.
import { criticalPath } from './criticalPath';
import type { StartupSpan } from './StartupResult';

const span = (id: number, parent: number | undefined, start: number, end?: number): StartupSpan => ({
  id,
  name: `s${id}`,
  kind: 'service',
  owner: 'root',
  start,
  ...(end !== undefined && { end }),
  ...(parent !== undefined && { parent }),
});
const pathOf = (...spans: StartupSpan[]) => criticalPath(spans).map(({ name, ms }) => `${name} ${ms}`);

describe('the critical path', () => {
  it('is empty without spans, and until the start has ended', () => {
    expect(pathOf()).toEqual([]);
    expect(pathOf(span(0, undefined, 0))).toEqual([]);
  });

  it('gives a span the time that none of its parts covers', () => {
    expect(pathOf(span(0, undefined, 0, 10), span(1, 0, 2, 5), span(2, 0, 6, 9))).toEqual([
      's0 2',
      's1 3',
      's0 1',
      's2 3',
      's0 1',
    ]);
  });

  it('follows what ended last, in depth, and leaves out what went on beside it', () => {
    const spans = [
      span(0, undefined, 0, 10),
      span(1, 0, 0, 4),
      span(2, 0, 0, 10),
      span(3, 2, 1, 8),
      span(4, 2, 3, 5),
      span(5, 0, 5, 7),
    ];
    expect(pathOf(...spans)).toEqual(['s2 1', 's3 7', 's2 2']);
  });

  it('leaves out what never ended, and what takes no time', () => {
    expect(pathOf(span(0, undefined, 0, 4), span(1, 0, 1), span(2, 0, 4, 4), span(3, 0, 0, 0))).toEqual([
      's0 4',
    ]);
  });

  it('stays within a span whose part began before it', () => {
    const spans = [span(0, undefined, 0, 10), span(1, 0, 4, 10), span(2, 1, 2, 8), span(3, 1, 1, 4)];
    expect(pathOf(...spans)).toEqual(['s0 4', 's2 4', 's1 2']);
  });

  it('names the owner of each stretch', () => {
    expect(criticalPath([span(0, undefined, 1, 3)])).toEqual([
      { span: 0, name: 's0', kind: 'service', owner: 'root', ms: 2 },
    ]);
  });
});
