// Tests of the base class of errors.
import { GreenroomError, isGreenroomError } from './errors';

class TestError extends GreenroomError {}

describe('GreenroomError', () => {
  const error = new TestError({
    code: 'GR_TEST',
    message: 'Something broke',
    path: ["plugin 'p'", "service 'a'"],
    hint: 'Mend it.',
    cause: new TypeError('inner', { cause: { some: 'object' } }),
  });

  it('composes its message of what happened, path and hint', () => {
    expect(error.message).toBe("Something broke (plugin 'p' -> service 'a'). Mend it.");
    expect(new GreenroomError({ code: 'GR_TEST', message: 'Something broke' }).message).toBe(
      'Something broke',
    );
    expect(new GreenroomError({ code: 'GR_TEST', message: 'A', path: [] }).message).toBe('A');
  });

  it('puts the place after the path, and each part on its own lines if the message has several', () => {
    const options = { code: 'GR_TEST', path: ["plugin 'p'", "service 'a'"], place: 'added at src/p.ts:1:2' };
    const hint = 'Mend it.';
    expect(new GreenroomError({ ...options, message: 'Something broke', hint }).message).toBe(
      "Something broke (plugin 'p' -> service 'a'; added at src/p.ts:1:2). Mend it.",
    );
    const long = new GreenroomError({ ...options, message: 'Two things broke:\n  one\n  two', hint });
    expect(long.message).toBe(
      "Two things broke:\n  one\n  two\nWhere: plugin 'p' -> service 'a'; added at src/p.ts:1:2\nMend it.",
    );
    expect([long.what, long.where]).toEqual([
      'Two things broke:\n  one\n  two',
      "plugin 'p' -> service 'a'; added at src/p.ts:1:2",
    ]);
  });

  it('has the name of its class, also in its stack, which starts where it was created', () => {
    expect(error.name).toBe('TestError');
    expect(error.stack).toMatch(/^TestError: Something broke .*\n\s+at .*errors\.test\.ts/);
    expect(Object.keys(error).sort()).toEqual(['code', 'hint', 'path']);
  });

  it('survives JSON.stringify', () => {
    expect(JSON.parse(JSON.stringify(error))).toEqual({
      name: 'TestError',
      code: 'GR_TEST',
      message: error.message,
      path: ["plugin 'p'", "service 'a'"],
      hint: 'Mend it.',
      cause: { name: 'TypeError', message: 'inner', cause: 'an object with some' },
    });
  });

  it('survives JSON.stringify with a cycle of causes', () => {
    const cause = new Error('a');
    cause.cause = cause;
    const circular = new GreenroomError({ code: 'GR_TEST', message: 'm', cause });
    expect(JSON.parse(JSON.stringify(circular)).cause).toEqual({
      name: 'Error',
      message: 'a',
      cause: '[circular]',
    });
  });

  it('is recognised across copies of the package', () => {
    let Copy = GreenroomError;
    jest.isolateModules(() => {
      Copy = jest.requireActual<typeof import('./errors')>('./errors').GreenroomError;
    });
    const foreign = new Copy({ code: 'GR_TEST', message: 'm' });
    expect(foreign).not.toBeInstanceOf(GreenroomError);
    expect(isGreenroomError(foreign)).toBe(true);
    expect(isGreenroomError(new Error('m'))).toBe(false);
    expect(isGreenroomError(undefined)).toBe(false);
  });
});
