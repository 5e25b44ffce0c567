// Calls clean-ups after the tests, by the hook of whichever test runner there is.

type CleanUp = () => Promise<void> | void;
/** The hook of mocha. Unlike jest's, it takes the limit from what runs it. */
type MochaHook = (hook: (this: { timeout(milliseconds: number): void }) => Promise<void> | void) => void;

/** Milliseconds. Databases on a busy server take their time. */
const limit = 60_000;
const key = Symbol.for('@greenroom/backend-test-utils: after all tests of the file');
const shared = globalThis as { [key]?: Set<CleanUp>; after?: MochaHook };

const isFirst = shared[key] === undefined;
/** Of every copy of this package, because one that a test loads, after `jest.resetModules()`, can't define a hook. */
const ofFile = (shared[key] ??= new Set<CleanUp>());
/** Otherwise jest refuses the hook, and says so, rather than that nothing ever ends. */
const isHooked = !isFirst || !isWithinTestOfJest();
if (isFirst) {
  afterAllTests(async () => {
    // One after the other, and whatever one of them does, as jest does: a backend needs its database to stop.
    const failures: unknown[] = [];
    for (const cleanUp of ofFile) {
      try {
        await cleanUp();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  });
}

/**
 * Calls `cleanUp` after all tests of the file or of the enclosing block; after those of the file if called within a test
 * of jest. With a test runner that has no such hook, nothing calls it.
 */
export function afterAllTests(cleanUp: CleanUp): void {
  if (isHooked && isWithinTestOfJest()) ofFile.add(cleanUp);
  else if (typeof afterAll === 'function') afterAll(cleanUp, limit);
  else if (typeof shared.after === 'function') {
    shared.after(function () {
      this.timeout(limit);
      return cleanUp();
    });
  }
  // Set by `node --test` for what it runs, and for what that starts. Elsewhere, asking for its hooks would begin a run of
  // tests.
  else if (process.env.NODE_TEST_CONTEXT) {
    process.getBuiltinModule('node:test').after(cleanUp, { timeout: limit });
  }
}

function isWithinTestOfJest(): boolean {
  return (
    process.env.VITEST === undefined &&
    typeof expect === 'function' &&
    expect.getState?.().currentTestName !== undefined
  );
}
