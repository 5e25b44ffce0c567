// Tests which entries are let through.
import { LevelFilter, type LevelOverride, logLevels, LoggerOptionsError } from './LevelFilter';

const allowed = (filter: LevelFilter, fields: Record<string, unknown>) =>
  logLevels.filter(level => filter.allows(level, name => fields[name]));

describe('LevelFilter', () => {
  it.each([
    ['error', ['error']],
    ['warn', ['error', 'warn']],
    ['info', ['error', 'warn', 'info']],
    ['debug', ['error', 'warn', 'info', 'debug']],
  ] as const)('lets through %s and what is more urgent', (level, expected) => {
    expect(allowed(new LevelFilter(level), {})).toEqual(expected);
  });

  it('lets the first matching override decide, up or down', () => {
    const overrides: LevelOverride[] = [
      { matchers: { plugin: ['catalog', 'search'], task: '/^refresh/i' }, level: 'debug' },
      { matchers: { plugin: 'catalog' }, level: 'error' },
      { matchers: { status: 200 }, level: 'warn' },
      { matchers: { status: null }, level: 'debug' },
    ];
    const filter = new LevelFilter('info', overrides);
    expect(allowed(filter, { plugin: 'catalog', task: 'REFRESH entities' })).toHaveLength(4);
    expect(allowed(filter, { plugin: 'search', task: 'refresh' })).toHaveLength(4);
    expect(allowed(filter, { plugin: 'catalog', task: 'other refresh' })).toEqual(['error']);
    expect(allowed(filter, { plugin: 'catalog' })).toEqual(['error']);
    expect(allowed(filter, { plugin: 'search' })).toHaveLength(3);
    expect(allowed(filter, { status: 200 })).toHaveLength(2);
    expect(allowed(filter, { status: '200' })).toHaveLength(3);
    expect(allowed(filter, { status: null })).toHaveLength(4);
  });

  it('gives a global expression the same answer each time', () => {
    const filter = new LevelFilter('info', [{ matchers: { plugin: '/cat/g' }, level: 'debug' }]);
    expect([1, 2, 3].map(() => filter.allows('debug', () => 'cat'))).toEqual([true, true, true]);
  });

  it('refuses broken expressions, and says what to do', () => {
    const create = () => new LevelFilter('info', [{ matchers: { plugin: '/(/' }, level: 'debug' }]);
    expect(create).toThrow(LoggerOptionsError);
    expect(create).toThrow(/^The matcher \/\(\/ for 'plugin' is not a regular expression/);
    expect(create).toThrow(expect.objectContaining({ code: 'GR_LOGGER_OPTIONS_INVALID' }));
  });
});
