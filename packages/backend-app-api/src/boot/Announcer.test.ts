// Tests of who hears about a start and a stop: the reporter, the logger or the terminal.
import type { LoggerService } from '@greenroom/backend-plugin-api';
import type { BackendStartupResult } from '../report/StartupResult';
import type { StartupReporterService } from '../services/engineServices';
import { Announcer } from './Announcer';

const result = {} as BackendStartupResult;
const hooks = [{}, { error: new Error('stuck') }] as never;
const stopped = { durationMs: 1, outcome: 'failure' as const, hooks };

function listeners(fails = false) {
  const told: string[] = [];
  const note = (text: string) => {
    told.push(text);
    if (fails && text.startsWith('reporter')) throw new Error('no screen');
  };
  const reporter = {
    progress: ({ kind }) => note(`reporter: ${kind}`),
    result: () => note('reporter: result'),
    shutdown: () => note('reporter: shutdown'),
  } as Partial<StartupReporterService> as StartupReporterService;
  const logger = {
    warn: message => note(`warn: ${message}`),
    error: message => note(`error: ${message}`),
  } as Partial<LoggerService> as LoggerService;
  return { told, reporter, logger };
}

function tellAll(announcer: Announcer) {
  announcer.progress({ kind: 'started', subject: "plugin 'p'", elapsedMs: 1 });
  announcer.progress({ kind: 'failed', subject: "plugin 'p'", detail: 'no disk', elapsedMs: 1 });
  announcer.progress({ kind: 'waiting', subject: "plugin 'p'", detail: 'waits for x', elapsedMs: 5_040 });
  announcer.result(result);
  announcer.result(result, new Error('did not start'));
  announcer.shutdown(stopped);
}

describe('an announcer', () => {
  it('tells the reporter everything, and then not the logger', () => {
    const { told, reporter, logger } = listeners();
    const announcer = new Announcer(reporter, logger);
    tellAll(announcer);
    expect([announcer.isHeard, announcer.wantsAll]).toEqual([true, true]);
    expect(told).toEqual(
      ['started', 'failed', 'waiting', 'result', 'result', 'shutdown'].map(what => `reporter: ${what}`),
    );
  });

  it('tells the logger what goes wrong if there is no reporter', () => {
    const { told, logger } = listeners();
    const announcer = new Announcer(undefined, logger);
    tellAll(announcer);
    expect([announcer.isHeard, announcer.wantsAll]).toEqual([true, false]);
    expect(told).toEqual([
      'warn: no disk',
      "warn: Plugin 'p' waits for x, for 5.0 s now",
      'error: did not start',
      'error: stuck',
    ]);
  });

  it('says whether a reporter has shown the result', () => {
    const { reporter } = listeners();
    expect(new Announcer(reporter).result(result)).toBe(true);
    expect(new Announcer({ ...reporter, result: () => false }).result(result)).toBe(false);
  });

  it('says through the logger that a reporter fails', () => {
    const { told, reporter, logger } = listeners(true);
    new Announcer(reporter, logger).result(result);
    expect(told).toEqual(['reporter: result', 'error: The startup reporter failed: no screen']);
  });

  it('tells the terminal what takes long if there is neither', () => {
    const write = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    const announcer = new Announcer();
    tellAll(announcer);
    expect([announcer.isHeard, announcer.wantsAll]).toEqual([false, false]);
    expect(write.mock.calls).toEqual([["Plugin 'p' waits for x, for 5.0 s now\n"]]);
    write.mockRestore();
  });

  it('never throws', () => {
    expect(() => tellAll(new Announcer(listeners(true).reporter))).not.toThrow();
  });
});
