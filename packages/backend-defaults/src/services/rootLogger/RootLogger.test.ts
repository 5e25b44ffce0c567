// Tests what is written: fields, errors, redaction, levels, and both formats.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '@backstage/types';
import fc from 'fast-check';
import { sourceArguments } from '../../testing/sourceArguments';
import { RootLogger, type RootLoggerOptions } from './RootLogger';

function capture(options: RootLoggerOptions = {}) {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  const logger = RootLogger.create({ format: 'json', destination, ...options });
  return { logger, lines, entries: () => lines.map(line => JSON.parse(line)) };
}
const terminal = ['/usr/bin/script', '/bin/script'].find(existsSync);
const loose = (meta: unknown) => meta as JsonObject;

describe('RootLogger in JSON', () => {
  it('writes one object a line, with time, level, fields and message', () => {
    const { logger, lines, entries } = capture({ level: 'debug', meta: { region: 'eu' } });
    const child = logger.child({ plugin: 'catalog' });
    logger.error('one');
    logger.warn('two', { n: 1, list: [1, 'a', null], nested: { deep: true } });
    child.info('three %s %d {}', { a: undefined });
    child.child({ task: 'refresh' }).debug('four');
    const base = {
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      service: 'greenroom',
      region: 'eu',
    };
    expect(entries()).toEqual([
      { ...base, level: 'error', message: 'one' },
      { ...base, level: 'warn', message: 'two', n: 1, list: [1, 'a', null], nested: { deep: true } },
      { ...base, level: 'info', message: 'three %s %d {}', plugin: 'catalog' },
      { ...base, level: 'debug', message: 'four', plugin: 'catalog', task: 'refresh' },
    ]);
    for (const line of lines) expect(line).toMatch(/^\{.*\}\n$/);
  });

  it('never writes a field twice and keeps its own fields apart from those of callers', () => {
    const { logger, lines, entries } = capture({ meta: { service: 'mine' } });
    const child = logger.child({ plugin: 'a', level: 'x' });
    child.info('real', { plugin: 'b', message: 'fake', time: 'never', level: 'silly' });
    expect(entries()).toEqual([
      {
        time: expect.stringMatching(/^\d{4}-/),
        level: 'info',
        service: 'mine',
        plugin: 'b',
        message: 'real',
        meta_message: 'fake',
        meta_time: 'never',
        meta_level: 'silly',
      },
    ]);
    for (const name of ['plugin', 'message', 'level', 'meta_level']) {
      expect(lines[0]!.split(`"${name}":`)).toHaveLength(2);
    }
  });

  it('writes errors with name, message, code, stack and causes, as meta or within it', () => {
    const { logger, entries } = capture();
    const cause = Object.assign(new TypeError('inner'), { code: 'E_INNER', secretField: 'x' });
    const error = new Error('outer', { cause: new AggregateError([cause, 'text'], 'several') });
    const expected = {
      name: 'Error',
      message: 'outer',
      stack: expect.stringContaining('RootLogger.test.ts'),
      cause: {
        name: 'AggregateError',
        message: 'several',
        stack: expect.any(String),
        errors: [{ name: 'TypeError', message: 'inner', code: 'E_INNER', stack: expect.any(String) }, 'text'],
      },
    };
    logger.error('it failed', error);
    logger.error('it failed', loose({ err: error }));
    logger.error(error as unknown as string);
    expect(entries()).toEqual([
      expect.objectContaining({ message: 'it failed', error: expected }),
      expect.objectContaining({ message: 'it failed', err: expected }),
      expect.objectContaining({ message: 'outer', error: expected }),
    ]);
  });

  it('writes whatever it is given and never throws', () => {
    const { logger, entries } = capture();
    const circular: Record<string, unknown> = { name: 'c' };
    circular.self = circular;
    const looped = new Error('looped');
    looped.cause = looped;
    const deep = (inner: unknown) => Array.from({ length: 7 }).reduce(value => ({ value }), inner);
    const unreadable = Object.defineProperty(new Error(), 'message', {
      get: () => { throw new Error('not hunter2'); }, // prettier-ignore
    });
    logger.addRedactions(['hunter2']);
    logger.info('a', loose(circular));
    logger.info('b', looped);
    logger.info(
      'c',
      loose({ date: new Date(0), big: 10n, map: new Map([['k', new Set([1])]]), bytes: Buffer.from('x') }),
    );
    logger.info('d', loose({ f() {}, s: Symbol('s'), none: undefined, toJSON: 'no function' }));
    logger.info('d', loose({ toJSON: () => ({ chosen: true }) }));
    logger.info('e', loose({ get broken() { throw new Error('no'); } })); // prettier-ignore
    logger.info('f', loose('text'));
    logger.info('g', loose(deep({ 1: [2], 3: {} })));
    logger.info(undefined as unknown as string, loose(null));
    logger.info('h', loose([1]));
    logger.info('i', loose(Object.create(null)));
    logger.info('j', unreadable as never);
    expect(entries().map(entry => ({ ...entry, time: 0 }))).toEqual(
      [
        { message: 'a', name: 'c', self: '[circular]' },
        {
          message: 'b',
          error: { name: 'Error', message: 'looped', stack: expect.any(String), cause: '[circular]' },
        },
        {
          message: 'c',
          date: '1970-01-01T00:00:00.000Z',
          big: '10',
          map: { k: [1] },
          bytes: '[Buffer of 1 bytes]',
        },
        { message: 'd', f: '[function]', s: '[symbol]', toJSON: 'no function' },
        { message: 'd', chosen: true },
        { message: 'e', meta: '[unreadable: Error: no]' },
        { message: 'f', meta: 'text' },
        { message: 'g', ...(deep({ 1: '[array]', 3: '[object]' }) as object) },
        { message: 'undefined' },
        { message: 'h', meta: [1] },
        { message: 'i' },
        { message: 'j', error: { message: '[unreadable: Error: not ***]' } },
      ].map(entry => ({ time: 0, level: 'info', service: 'greenroom', ...entry })),
    );
  });

  it('filters by level and overrides, also by the fields of one entry, and takes new ones', () => {
    const overrides = [
      { matchers: { plugin: 'noisy' }, level: 'error' as const },
      { matchers: { message: '/^sql/' }, level: 'debug' as const },
      { matchers: { task: 'watched' }, level: 'debug' as const },
    ];
    const { logger, entries } = capture({ overrides });
    const noisy = logger.child({ plugin: 'noisy' });
    noisy.warn('no');
    noisy.error('yes 1');
    logger.debug('sql: yes 2');
    logger.debug('no');
    logger.debug('yes 3', { task: 'watched' });
    logger.setLevel('warn');
    noisy.warn('yes 4');
    logger.info('no');
    expect(() => logger.setLevel('loud' as 'info')).toThrow("The level is 'loud', which is not a log level");
    logger.warn('yes 5');
    expect(entries().map(entry => entry.message)).toEqual(['yes 1', 'sql: yes 2', 'yes 3', 'yes 4', 'yes 5']);
  });

  it('masks secrets in messages, fields, keys, errors and fields of children made before', () => {
    const { logger, lines, entries } = capture();
    const secret = 'hunter2-"quoted"';
    const child = logger.child({ plugin: 'a', url: `https://u:${secret}@host` });
    child.info('before, to prepare the child');
    logger.addRedactions([`${secret}\n`, 'message', '', ' ', 'x']);
    const error = new Error(`bad ${secret}`, { cause: new Error(`deep ${secret}`) });
    child.info(`token ${secret}.`, { [secret]: 1, nested: [{ [`k-${secret}`]: `v ${secret}` }], x: 'x' });
    child.error('failed', error);
    child.info(JSON.stringify({ password: secret }));
    lines.shift();
    expect(lines.join('')).not.toContain('hunter2');
    expect(entries()[0]).toMatchObject({
      message: 'token ***.',
      url: 'https://u:***@host',
      plugin: 'a',
      '***': 1,
      nested: [{ 'k-***': 'v ***' }],
      x: 'x',
    });
    expect(entries()[1].error).toMatchObject({ message: 'bad ***', cause: { message: 'deep ***' } });
    expect(entries()[2].message).toBe('{"password":"***"}');
    // One of a configuration that was changed, of two letters.
    logger.addRedactions(['42']);
    child.info('now 42 is one, too');
    expect(entries().at(-1).message).toBe('now *** is one, too');
  });

  it('writes what can not even be asked for its class or its text, also where levels depend on fields', () => {
    const revoked = () => {
      const { proxy, revoke } = Proxy.revocable({}, {});
      revoke();
      return proxy as never;
    };
    const unreadable = Object.defineProperty(new Error(), 'message', {
      get: () => { throw new Error('not readable'); }, // prettier-ignore
    });
    const overrides = [
      { matchers: { kind: '/x/' }, level: 'error' as const },
      { matchers: { plugin: 'other' }, level: 'debug' as const },
    ];
    const { logger, entries } = capture({ overrides });
    logger.debug('no', revoked());
    logger.debug('no', loose({ kind: Object.create(null) }));
    logger.info('a', revoked());
    logger.info(revoked());
    logger.info('b', loose({ kind: Object.create(null) }));
    logger.info(Object.create(null));
    logger.info(unreadable as never);
    const cannot = (what: string) => expect.stringMatching(`^\\[unreadable: (Type)?Error: .*${what}`);
    expect(entries()).toEqual(
      [
        { message: 'a', meta: cannot('revoked') },
        { message: cannot('revoked') },
        { message: 'b', kind: {} },
        { message: cannot('convert') },
        { message: cannot('not readable'), error: { message: cannot('not readable') } },
      ].map(entry => ({ time: expect.any(String), level: 'info', service: 'greenroom', ...entry })),
    );
  });

  it('writes what throws something without a text where it is read', () => {
    const failing = (name: string) =>
      Object.defineProperty(name === 'message' ? new Error() : {}, name, {
        enumerable: true,
        get() {
          throw Object.create(null);
        },
      });
    const { logger, entries } = capture();
    logger.info(failing('message') as never);
    logger.info('a', loose(failing('field')));
    logger.info(failing('toString') as never);
    expect(entries()).toMatchObject([
      { message: '[unreadable]', error: { message: '[unreadable]' } },
      { message: 'a', meta: '[unreadable]' },
      { message: '[unreadable]' },
    ]);
  });

  it('runs no code of an error to read its code', () => {
    const { logger, entries } = capture();
    const error = new Error('no');
    const get = jest.fn(() => 404);
    Object.defineProperty(error, 'code', { get });
    logger.error('x', error);
    expect(get).not.toHaveBeenCalled();
    expect(entries()[0].error).toEqual({ name: 'Error', message: 'no', stack: expect.any(String) });
  });

  it('masks secrets as they are in a URL', () => {
    const { logger, entries } = capture();
    const secrets = ['aGk+/w==', 'ab\ud800 +', "pass 'phrase' (old)"];
    logger.addRedactions(secrets);
    for (const secret of secrets) {
      const query = new URLSearchParams({ of: secret }).toString();
      const url = `/hook?token=${encodeURIComponent(secret.replace('\ud800', '\ufffd'))}&${query}`;
      logger.info(`GET ${url} 200`, { url });
      expect(entries().at(-1)).toMatchObject({
        message: 'GET /hook?token=***&of=*** 200',
        url: '/hook?token=***&of=***',
      });
    }
  });

  it('masks a secret that no URL could contain only as it is and as JSON has it', () => {
    const { logger, entries } = capture();
    const large = `${'+'.repeat(20_000)}"`;
    logger.addRedactions([large]);
    for (const form of [large, JSON.stringify(large), encodeURIComponent(large)]) logger.info(form);
    const messages = entries().map(({ message }) => message as string);
    expect(messages).toEqual(['***', '"***"', encodeURIComponent(large)]);
  });

  it('never masks the names that it writes itself, whatever the secrets are', () => {
    const { logger, entries } = capture();
    const names = [
      'level',
      'time',
      'message',
      'service',
      'plugin',
      'error',
      'name',
      'code',
      'stack',
      'cause',
    ];
    logger.addRedactions([...names, 'errors', 'meta_level', 'greenroom']);
    const cause = new AggregateError([new Error('inner')], 'several');
    const error = Object.assign(new Error('outer', { cause }), { code: 'E_OUTER' });
    logger.child({ plugin: 'shop' }).error('it failed', error);
    const [entry] = entries();
    expect(Object.keys(entry).sort()).toEqual(['error', 'level', 'message', 'plugin', 'service', 'time']);
    expect(entry).toMatchObject({ level: 'error', plugin: 'shop', service: '***', message: 'it failed' });
    expect(Object.keys(entry.error).sort()).toEqual(['cause', 'code', 'message', 'name', 'stack']);
    expect(Object.keys(entry.error.cause).sort()).toEqual(['errors', 'message', 'name', 'stack']);
  });

  it('masks secrets that are numbers, and where only a stack has one', () => {
    const { logger, lines, entries } = capture();
    logger.addRedactions(['7391846', 'hunter2']);
    const error = Object.assign(new Error('changed'), {
      code: 7391846,
      cause: { pin: 7391846 },
      stack: 'Error: hunter2\n    at connect (db.js:1:2)',
    });
    logger.child({ pin: 7391846 }).info('m', loose({ pins: [7391846, 12, 1.5], error }));
    expect(lines.join('')).not.toMatch(/7391846|hunter2/);
    expect(entries()[0]).toMatchObject({
      pin: '***',
      pins: ['***', 12, 1.5],
      error: {
        message: 'changed',
        code: '***',
        cause: { pin: '***' },
        stack: 'Error: ***\n    at connect (db.js:1:2)',
      },
    });
  });

  it('lets no secret survive, in either format', () => {
    // Letters only: the format itself has digits and punctuation, and fixed names shorter than these.
    const secret = fc.string({ unit: fc.constantFrom(...'qxzQXZ'), minLength: 8, maxLength: 12 });
    const around = fc.string({ unit: fc.constantFrom('q', 'x', ' ', '"', '\\', '\n', 'é') });
    const build = (part: string, depth: number): unknown =>
      depth === 0 ? part : depth % 2 ? { [part]: build(part, depth - 1) } : [build(part, depth - 1)];
    fc.assert(
      fc.property(
        fc.uniqueArray(secret, { minLength: 1, maxLength: 5 }),
        around,
        around,
        fc.integer({ min: 0, max: 6 }),
        fc.constantFrom('json' as const, 'pretty' as const),
        (secrets, before, after, depth, format) => {
          const { logger, lines } = capture({ format });
          logger.addRedactions(secrets);
          for (const item of secrets) {
            const text = before + item + after;
            const error = Object.assign(new Error(text, { cause: build(text, depth) }), { code: text });
            logger
              .child({ plugin: text, more: text })
              .info(text, loose({ value: build(text, depth), [text]: error }));
            logger.error(text, error);
          }
          expect(lines).toHaveLength(secrets.length * 2);
          for (const item of secrets) expect(lines.join('')).not.toContain(item);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('is for people where somebody passes it on to them, JSON elsewhere and in production, and loses nothing at exit', () => {
    const script = `
      const { RootLogger } = require(${JSON.stringify(join(__dirname, 'RootLogger.ts'))});
      const logger = RootLogger.create();
      for (let n = 0; n < 500; n++) logger.info('line ' + n);
      process.exit(0);`;
    const run = (environment: NodeJS.ProcessEnv) =>
      execFileSync(process.execPath, [...sourceArguments, '--eval', script], {
        encoding: 'utf8',
        env: { ...process.env, FORCE_COLOR: '', ...environment },
        cwd: __dirname,
      })
        .trimEnd()
        .split('\n');
    for (const environment of [
      { NODE_ENV: 'development' },
      { NODE_ENV: 'production' },
      { NODE_ENV: 'production', FORCE_COLOR: '0' },
    ]) {
      const json = run(environment);
      expect(json).toHaveLength(500);
      expect(JSON.parse(json[499]!)).toMatchObject({ level: 'info', message: 'line 499' });
    }
    const pretty = run({ NODE_ENV: 'development', FORCE_COLOR: '0' });
    expect(pretty).toHaveLength(500);
    expect(pretty[499]).toMatch(/^\d\d:\d\d:\d\d\.\d{3} {2}info {3} {12}line 499$/);
  }, 30_000);

  (terminal ? it : it.skip)(
    `is for people in a terminal${terminal ? '' : ' (skipped: there is no program script, which makes one)'}`,
    () => {
      const program = `
        const { RootLogger } = require(${JSON.stringify(join(__dirname, 'RootLogger.ts'))});
        RootLogger.create().info('hello');`;
      const run = (NODE_ENV: string) =>
        execFileSync(terminal!, ['-qec', `"$NODE" $ARGUMENTS -e "$PROGRAM"`, '/dev/null'], {
          encoding: 'utf8',
          env: {
            PATH: process.env.PATH,
            NODE: process.execPath,
            ARGUMENTS: sourceArguments.join(' '),
            PROGRAM: program,
            NODE_ENV,
          },
          cwd: __dirname,
          stdio: ['ignore', 'pipe', 'pipe'],
        });
      expect(run('development')).toMatch(/\u001b\[32minfo \u001b\[39m +.*hello\r?\n$/);
      expect(JSON.parse(run('production'))).toMatchObject({ level: 'info', message: 'hello' });
    },
    30_000,
  );
});
