// Tests where the options of the logger come from.
import { ConfigReader } from '@backstage/config';
import { readLoggerConfig } from './config';

const read = (logger: object | undefined, env: NodeJS.ProcessEnv = {}) =>
  readLoggerConfig(new ConfigReader(logger ? { backend: { logger: { ...logger } } } : {}), env);

describe('readLoggerConfig', () => {
  it('has defaults', () => {
    expect(read(undefined)).toEqual({ level: 'info', overrides: [], meta: {}, redactAllowlist: [] });
  });

  it('reads everything, and lets LOG_LEVEL win', () => {
    const overrides = [{ matchers: { plugin: ['a', '/b/'], n: 1 }, level: 'ERROR' }];
    const redactAllowlist = ['guest'];
    expect(read({ level: 'debug', overrides, meta: { env: 'prod' }, redactAllowlist })).toEqual({
      level: 'debug',
      overrides: [{ matchers: { plugin: ['a', '/b/'], n: 1 }, level: 'error' }],
      meta: { env: 'prod' },
      redactAllowlist,
    });
    expect(read({ level: 'debug' }, { LOG_LEVEL: 'Warn' }).level).toBe('warn');
    expect(read({ level: 'debug' }, { LOG_LEVEL: '' }).level).toBe('debug');
  });

  it('says which setting is wrong', () => {
    expect(() => read({}, { LOG_LEVEL: 'loud' })).toThrow("The environment variable LOG_LEVEL is 'loud'");
    expect(() => read({ level: 'loud' })).toThrow("backend.logger.level is 'loud'");
    expect(() => read({ overrides: [{ matchers: {}, level: 'loud' }] })).toThrow(
      "backend.logger.overrides[0].level is 'loud', which is not a log level. Use one of error, warn, info, debug.",
    );
    expect(() => read({ overrides: [{ level: 'info' }] })).toThrow('backend.logger.overrides[0].matchers');
  });
});
