// Tests of finding out where a function was called.
import { callSiteOf } from './callSite';

const where = (): string => callSiteOf(where);

describe('callSiteOf', () => {
  it('tells the place of the call, at the top level, in a named function and after an await', async () => {
    function named() {
      return where();
    }
    async function later() {
      await Promise.resolve();
      return where();
    }
    for (const place of [where(), named(), await later()]) {
      expect(place).toMatch(/^[^\s()]*callSite\.test\.ts:\d+:\d+$/);
    }
  });

  it('works without stack traces, and leaves the limit as it was', () => {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    try {
      expect(where()).toMatch(/callSite\.test\.ts/);
      expect(Error.stackTraceLimit).toBe(0);
    } finally {
      Error.stackTraceLimit = limit;
    }
  });
});
