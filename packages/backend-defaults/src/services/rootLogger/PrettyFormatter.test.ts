// Tests the lines for people.
import { PrettyFormatter } from './PrettyFormatter';

const time = new Date(2026, 0, 2, 3, 4, 5, 6).toISOString();
const entry = (fields: Record<string, unknown>) => ({
  time,
  level: 'info',
  service: 's',
  message: 'm',
  ...fields,
});

const format = (fields: Record<string, unknown>, color = false) =>
  new PrettyFormatter({ color }).format(entry(fields));

describe('PrettyFormatter', () => {
  it('lines up time, level, plugin and message, and puts fields behind', () => {
    const formatter = new PrettyFormatter({ color: false });
    const lines = [
      entry({ message: 'Starting' }),
      entry({
        level: 'warn',
        plugin: 'catalog',
        message: 'Slow',
        ms: 12,
        path: '/a b',
        ok: true,
        o: { a: [1] },
      }),
      entry({ level: 'error', plugin: 'a-long-plugin-id', message: 'Bad', empty: '', path: 'a/b' }),
      entry({ level: 'debug', plugin: 'catalog', message: 'Detail' }),
    ].map(item => formatter.format(item));
    expect(lines.join('')).toBe(
      [
        '03:04:05.006  info               Starting',
        '03:04:05.006  warn   catalog     Slow ms=12 path="/a b" ok=true o={"a":[1]}',
        '03:04:05.006  error  a-long-plugin-id  Bad empty="" path=a/b',
        '03:04:05.006  debug  catalog           Detail',
        '',
      ].join('\n'),
    );
  });

  it('leaves out what every entry has, unless this one has another value', () => {
    const formatter = new PrettyFormatter({ color: false, constants: { region: 'eu' } });
    expect(formatter.format(entry({ region: 'eu', n: 1 }))).toMatch(/ m n=1\n$/);
    expect(formatter.format(entry({ region: 'us' }))).toMatch(/ m region=us\n$/);
  });

  it('leaves out what the message says as a word of its own', () => {
    const message = 'GET /api/catalog/entities 200';
    const fields = { method: 'GET', url: '/api/catalog/entities', status: 200, durationMs: 20 };
    const line = format({ message, ...fields });
    expect(line).toMatch(/ GET \/api\/catalog\/entities 200 durationMs=20\n$/);
  });

  it('indents further lines, stacks and causes', () => {
    const error = {
      name: 'Error',
      message: 'outer\nsecond',
      stack: 'Error: outer\nsecond\n    at f (a.ts:1:2)',
      cause: {
        name: 'TypeError',
        message: 'inner',
        stack: 'TypeError: inner\n    at g (b.ts:3:4)',
        cause: 'text',
      },
    };
    const text = format({ message: 'It failed\nbadly', error });
    expect(text).toBe(
      [
        '03:04:05.006  info               It failed',
        '    badly',
        '    Error: outer',
        '    second',
        '        at f (a.ts:1:2)',
        '    caused by: TypeError: inner',
        '        at g (b.ts:3:4)',
        '    caused by: text',
        '',
      ].join('\n'),
    );
  });

  it('tells the code of an error and of its causes, unless the text has it already', () => {
    const error = {
      name: 'Error',
      message: 'No such\ntable',
      code: '42P01',
      stack: 'Error: No such\ntable\n    at f (a.ts:1:2)',
      cause: { name: 'Error', message: '', code: 7, stack: 'Error\n    at g (a.ts:3:4)' },
      errors: [{ name: 'Error', message: 'connect ECONNREFUSED ::1:1', code: 'ECONNREFUSED' }],
    };
    expect(format({ error }).split('\n')).toEqual([
      expect.any(String),
      '    Error: No such',
      '    table [42P01]',
      '        at f (a.ts:1:2)',
      '    caused by: Error [7]',
      '        at g (a.ts:3:4)',
      '    [0] Error: connect ECONNREFUSED ::1:1',
      '',
    ]);
  });

  it.each([
    [{ name: 'TypeError', message: 'T', code: 'E1', stack: 'TypeError: T\n    at f' }, 'TypeError: T [E1]'],
    [{ name: 'Error', message: 'Error', code: 'E1', stack: 'Error: Error\n    at f' }, 'Error: Error [E1]'],
    // A code is not said by a number that contains it.
    [{ name: 'Error', message: 'after 10 s', code: 1 }, 'Error: after 10 s [1]'],
    [{ name: 'Error', message: 'exit code 1', code: 1 }, 'Error: exit code 1'],
    [{ name: 'Error', message: '', code: 'E1' }, 'Error [E1]'],
    // The message was changed, and the stack happens to contain it.
    [{ name: 'Error', message: 'f.ts', code: 'E1', stack: 'Error: x\n    at f.ts:1' }, 'Error: f.ts [E1]'],
    // Not an error, but what an answer of an API said.
    [{ name: 'Error', message: 'no', code: null, stack: null, errors: { field: 'is missing' } }, 'Error: no'],
    [{ name: 'Error', message: 'no', code: { toString: 1 }, stack: 1, errors: 1 }, 'Error: no'],
  ])('puts the code behind the message, whatever the rest is: %j', (error, expected) => {
    const text = format({ error });
    expect(text.split('\n')[1]).toBe(`    ${expected}`);
  });

  it('shows what only has the keys of an error like any other object', () => {
    const text = format({ it: { name: 1, message: { toString: 1 } } });
    expect(text).toContain('it={"name":1,"message":{"toString":1}}\n');
  });

  it('names an error that is one of several fields, and each part of one that has several', () => {
    const why = {
      name: 'AggregateError',
      message: 'all failed',
      errors: [{ name: 'Error', message: 'first' }, 'second'],
    };
    const text = format({ why, n: 1 });
    expect(text).toBe(
      [
        '03:04:05.006  info               m n=1',
        '    why: AggregateError: all failed',
        '    [0] Error: first',
        '    [1] second',
        '',
      ].join('\n'),
    );
  });

  it('puts a changed message before a stack that has the former one', () => {
    const error = { name: 'Error', message: 'now', stack: 'Error: then\n    at f (a.ts:1:2)' };
    expect(format({ error })).toContain('    Error: now\n    Error: then\n        at f (a.ts:1:2)\n');
  });

  it('shows control characters as text, so that nothing steers the terminal or looks like a line of its own', () => {
    const text = format({
      plugin: 'a\u001b[2J',
      message: 'x\u001b[31m\r\n00:00:00.000  info  fake',
      field: 'y\u0007z',
    });
    expect(text).toBe(
      '03:04:05.006  info   a\\x1b[2J    x\\x1b[31m\\x0d field=y\\x07z\n    00:00:00.000  info  fake\n',
    );
  });

  it('colours the level only where colours are wanted', () => {
    expect(format({ level: 'error' }, true)).toContain('\u001b[31merror\u001b[39m');
    expect(format({ level: 'error' })).not.toContain('\u001b');
  });
});
