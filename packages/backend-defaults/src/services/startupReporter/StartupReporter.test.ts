// Tests what the reporter logs, through real loggers of both formats.
import type { BackendStartupResult } from '@greenroom/backend-app-api';
import type { RootLoggerService } from '@greenroom/backend-plugin-api';
import { RootLogger } from '../rootLogger';
import { StartupReporter } from './StartupReporter';

const at = new Date(0);
const times = { beginAt: at, resultAt: at, durationMs: 12.3 };
const failed: BackendStartupResult = {
  ...times,
  outcome: 'failure',
  plugins: [
    {
      ...times,
      pluginId: 'catalog',
      status: 'failed',
      failure: { error: new Error('no database', { cause: new Error('refused') }), allowed: false },
      modules: [{ ...times, moduleId: 'logs', status: 'skipped' }],
    },
  ],
  problems: [new Error('left over')],
  spans: [],
  criticalPath: [],
};
const started: BackendStartupResult = {
  ...failed,
  outcome: 'success',
  plugins: [{ ...times, pluginId: 'catalog', status: 'started', modules: [] }],
  problems: [],
};

const coded = (code: string, message: string) => Object.assign(new Error(message), { code });
const allowedFailure = { ...failed.plugins[0]!, failure: { error: new Error('no luck'), allowed: true } };
const moduleFailed = {
  problems: [],
  plugins: [
    {
      ...failed.plugins[0]!,
      failure: { error: coded('GR_MODULE_FAILED', 'because of its modules'), allowed: false },
      modules: [
        {
          ...times,
          moduleId: 'logs',
          status: 'failed' as const,
          failure: { error: coded('GR_INIT_FAILED', 'no token'), allowed: false },
        },
      ],
    },
  ],
};

function capture(format: 'json' | 'pretty') {
  const lines: string[] = [];
  const logger = RootLogger.create({
    format,
    level: 'debug',
    destination: { write: line => void lines.push(line) },
  });
  const take = () => lines.splice(0).map(line => line.trimEnd().replace(/^[\d:.]+ {2}/, ''));
  return { reporter: new StartupReporter(logger), logger, lines, take };
}

describe('StartupReporter', () => {
  it('logs progress at the level it deserves', () => {
    const { reporter, take } = capture('pretty');
    reporter.progress({ kind: 'started', subject: "plugin 'catalog'", elapsedMs: 5 });
    reporter.progress({ kind: 'skipped', subject: "plugin 'search'", detail: 'not installed', elapsedMs: 0 });
    const detail = 'waits for its init';
    reporter.progress({ kind: 'waiting', subject: "plugin 'todo'", detail, elapsedMs: 12_000 });
    reporter.progress({ kind: 'failed', subject: "plugin 'todo'", detail: 'no token', elapsedMs: 13 });
    expect(take()).toEqual([
      "debug              Plugin 'catalog' started after 5 ms",
      "debug              Plugin 'search' skipped after 0 ms: not installed",
      "info               Plugin 'todo' waits for its init, for 12.0 s now",
      "warn               Plugin 'todo' failed after 13 ms",
    ]);
  });

  it('logs the summary as lines, failed ones as errors, and later lines at once', () => {
    const { reporter, take } = capture('pretty');
    reporter.addLine('Listening', 'http://localhost:7007');
    expect(take()).toEqual([]);
    reporter.result(failed);
    expect(take()).toEqual([
      'error              ✗ catalog  failed  12 ms  logs (skipped)',
      'error                  no database',
      'error              ✗ left over',
      'error              The start failed after 12 ms: 0 plugins started (1 failed)',
    ]);
    reporter.addLine('Metrics', 'http://localhost:9464');
    expect(take()).toEqual(['info               Metrics  http://localhost:9464']);
  });

  it('logs one entry with fields where the log is JSON', () => {
    const { reporter, lines } = capture('json');
    reporter.addLine('Listening', 'http://localhost:7007');
    reporter.result(failed);
    expect(lines.map(line => JSON.parse(line))).toEqual([
      {
        time: expect.any(String),
        service: 'greenroom',
        level: 'error',
        message: 'The start failed after 12 ms: 0 plugins started (1 failed). First of 2 reasons: left over',
        outcome: 'failure',
        durationMs: 12,
        plugins: [
          {
            pluginId: 'catalog',
            status: 'failed',
            durationMs: 12,
            failure: {
              error: expect.objectContaining({
                message: 'no database',
                cause: expect.objectContaining({ message: 'refused' }),
              }),
              allowed: false,
            },
            modules: [{ moduleId: 'logs', status: 'skipped', durationMs: 12 }],
          },
        ],
        problems: [expect.objectContaining({ name: 'Error', message: 'left over' })],
        addresses: { Listening: 'http://localhost:7007' },
      },
    ]);
  });

  it.each<[string, Partial<BackendStartupResult>, string]>([
    ['the only reason', { problems: [] }, '. The reason: no database'],
    ['that of the module that kept its plugin back', moduleFailed, '. The reason: no token [GR_INIT_FAILED]'],
    ['nothing that is allowed', { outcome: 'success', problems: [], plugins: [allowedFailure] }, ''],
  ])('has in the message in JSON %s', (_, fields, end) => {
    const { reporter, lines } = capture('json');
    reporter.result({ ...failed, ...fields });
    const total = /^(The start failed after|Started 0 plugins in) 12 ms(: 0 plugins started)? \(1 failed\)/;
    expect(JSON.parse(lines[0]!).message.replace(total, '')).toBe(end);
  });

  it('warns in JSON of what failed or was left out although the backend started', () => {
    const { reporter, lines } = capture('json');
    const failure = { error: new Error('not installed'), allowed: true };
    const module = { ...times, moduleId: 'logs', status: 'skipped' as const, failure };
    reporter.result(started);
    reporter.result({ ...started, plugins: [{ ...started.plugins[0]!, modules: [module] }] });
    reporter.result({ ...failed, plugins: [{ ...failed.plugins[0]!, modules: [module] }] });
    expect(lines.map(line => JSON.parse(line).level)).toEqual(['info', 'warn', 'error']);
  });

  it('logs plain lines through a logger of another maker', () => {
    const seen: string[] = [];
    const foreign: RootLoggerService = {
      error: message => void seen.push(`error ${message}`),
      warn: message => void seen.push(`warn ${message}`),
      info: message => void seen.push(`info ${message}`),
      debug: message => void seen.push(`debug ${message}`),
      child: () => foreign,
    };
    new StartupReporter(foreign).result(started);
    expect(seen).toEqual(['info ✓ catalog  started  12 ms', 'info Started 1 plugin in 12 ms']);
  });

  it('says that the backend stopped, and names hooks that failed or were slow', () => {
    const { reporter, take } = capture('pretty');
    const hook = {
      owner: 'catalog',
      phase: 'shutdown' as const,
      index: 0,
      durationMs: 3,
      outcome: 'done' as const,
    };
    reporter.shutdown({ durationMs: 12, outcome: 'success', hooks: [hook] });
    reporter.shutdown({ durationMs: 1600, outcome: 'success', hooks: [hook, { ...hook, durationMs: 1500 }] });
    reporter.shutdown({
      durationMs: 20_000,
      outcome: 'failure',
      hooks: [
        { ...hook, outcome: 'failed', error: new Error('gone') },
        {
          ...hook,
          owner: 'root',
          phase: 'beforeShutdown',
          index: 1,
          durationMs: 15_000,
          outcome: 'timed out',
        },
      ],
    });
    expect(take()).toEqual([
      'info               Stopped in 12 ms',
      'info               Stopped in 1600 ms: shutdown hook 1 of catalog took 1500 ms',
      'error              Stopped in 20.0 s: shutdown hook 1 of catalog failed after 3 ms (gone); beforeShutdown hook 2 of root timed out after 15.0 s',
    ]);
  });
});
