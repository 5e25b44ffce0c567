// Tests of remembering where a function was called.
import { CallSite } from './CallSite';

const add = (call?: number) => new CallSite(add, call);

describe('a call site', () => {
  it('names the place of the call, not that of the callee', () => {
    const [site, here] = [add(), new Error('here')];
    const line = /CallSite\.test\.ts:(\d+):\d+/.exec(here.stack!)![1]!;
    expect(String(site)).toMatch(new RegExp(`internal[\\\\/]CallSite\\.test\\.ts:${line}:\\d+$`));
  });

  it('is found in a named function, after an await, and where no stack traces are taken', async () => {
    function named() {
      return String(add());
    }
    async function later() {
      await Promise.resolve();
      return String(add());
    }
    const depth = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    const places = [named(), await later()];
    Error.stackTraceLimit = depth;
    for (const place of places) expect(place).toMatch(/^[^\s()]*CallSite\.test\.ts:\d+:\d+$/);
  });

  it('leaves the depth of stack traces as it was', () => {
    const depth = Error.stackTraceLimit;
    Error.stackTraceLimit = 7;
    add();
    expect(Error.stackTraceLimit).toBe(7);
    Error.stackTraceLimit = depth;
  });

  it('is the number of the call from the 501st on', () => {
    expect(String(add(499))).toMatch(/CallSite\.test\.ts/);
    expect(String(add(500))).toBe('call 501 of add()');
  });

  it('is the number of the call if the place is unknown', () => {
    const [unknown, nameless] = [new CallSite(function start() {}, 2), new CallSite(() => {}, 2)];
    expect(String(unknown)).toBe('call 3 of start()');
    expect(String(nameless)).toBe('call 3');
    expect(String(new CallSite(() => {}))).toBe('unknown');
  });
});
