// Tests of recording spans: their times, which are open within others, and the end of the recording.
import { fakeTime, realTime } from '../scenarios/fakeTime';
import { SpanRecorder } from './SpanRecorder';
import type { StartupSpanKind } from './StartupResult';

beforeEach(() => fakeTime({ now: 1_000 }));
afterEach(realTime);

describe('the spans of a start', () => {
  it('have their times in milliseconds since it began', () => {
    const spans = new SpanRecorder();
    jest.advanceTimersByTime(5);
    const plugin = spans.begin('plugin', 'p', 'p', spans.whole);
    jest.advanceTimersByTime(10);
    spans.end(plugin);
    expect(spans.list()).toEqual([
      { id: 0, name: 'start', kind: 'start', owner: 'root', start: 0 },
      { id: 1, name: 'p', kind: 'plugin', owner: 'p', start: 5, end: 15, parent: 0 },
    ]);
    expect(spans.timesOf(plugin)).toEqual({
      beginAt: new Date(1_005),
      resultAt: new Date(1_015),
      durationMs: 10,
    });
  });

  it('that are still open last up to now, and once the whole has ended, up to its end', () => {
    const spans = new SpanRecorder();
    const plugin = spans.begin('plugin', 'p', 'p', spans.whole);
    jest.advanceTimersByTime(3);
    expect(spans.timesOf(plugin).durationMs).toBe(3);
    spans.end(spans.whole);
    jest.advanceTimersByTime(3);
    expect(spans.timesOf(plugin).durationMs).toBe(3);
  });

  it('are no longer recorded once the whole has ended', () => {
    const spans = new SpanRecorder();
    const plugin = spans.begin('plugin', 'p', 'p', spans.whole);
    spans.end(spans.whole);
    const late = spans.begin('init', 'p', 'p', plugin);
    spans.end(late);
    spans.end(plugin);
    expect(spans.list().map(({ kind, end }) => [kind, end])).toEqual([
      ['start', 0],
      ['plugin', undefined],
    ]);
  });
});

describe('what is open within a span', () => {
  it.each<[StartupSpanKind, string[]]>([
    ['plan', []],
    ['root', []],
    ['plugins', []],
    ['collect', ['the features that were added']],
    ['import', ['the feature added at x']],
    ['loader', ['the feature loader x']],
    ['defaultFactory', ["the default factory of service 'x'"]],
    ['init', ['its init']],
    ['hook', ['x']],
    ['service', ["service 'x'"]],
    ['module', ["module 'x'"]],
  ])('is worded by its kind: %s', (kind, chain) => {
    const spans = new SpanRecorder();
    spans.begin(kind, 'x', 'p', spans.whole);
    expect(spans.openWithin(spans.whole)).toEqual(chain);
  });

  it('is the chain of the steps that began last and have not ended', () => {
    const spans = new SpanRecorder();
    const plugin = spans.begin('plugin', 'p', 'p', spans.whole);
    spans.begin('module', 'slow', 'p', plugin);
    const service = spans.begin('service', 'a', 'p', plugin);
    spans.begin('service', 'b', 'p', service);
    spans.end(spans.begin('service', 'done', 'p', service));
    expect(spans.openWithin(plugin)).toEqual(["service 'a'", "service 'b'"]);
    spans.end(service);
    expect(spans.openWithin(plugin)).toEqual(["module 'slow'"]);
  });

  it('goes on with what another one began, until that has ended', () => {
    const spans = new SpanRecorder();
    const [one, two] = ['one', 'two'].map(id => spans.begin('plugin', id, id, spans.whole)) as [
      number,
      number,
    ];
    const shared = spans.begin('service', 'shared', 'root', one);
    spans.waitsFor(two, shared);
    spans.waitsFor(one, shared);
    expect(spans.openWithin(two)).toEqual(["service 'shared'"]);
    expect(spans.openWithin(one)).toEqual(["service 'shared'"]);
    spans.end(shared);
    expect(spans.openWithin(two)).toEqual([]);
  });
});
