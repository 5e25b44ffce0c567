// Tests the summary, as people see it.
import type {
  BackendStartupResult,
  ModuleStartupResult,
  PluginStartupResult,
} from '@greenroom/backend-app-api';
import { GreenroomError } from '@greenroom/backend-plugin-api/internal';
import { formatMs, formatStartupSummary } from './formatStartupSummary';

const at = new Date(0);
const moduleResult = (moduleId: string, fields: Partial<ModuleStartupResult> = {}): ModuleStartupResult => ({
  moduleId,
  status: 'started',
  beginAt: at,
  resultAt: at,
  durationMs: 4.4,
  ...fields,
});
const plugin = (pluginId: string, fields: Partial<PluginStartupResult> = {}): PluginStartupResult => ({
  pluginId,
  status: 'started',
  beginAt: at,
  resultAt: at,
  durationMs: 12.3,
  modules: [],
  ...fields,
});
const result = (fields: Partial<BackendStartupResult>): BackendStartupResult => ({
  beginAt: at,
  resultAt: at,
  durationMs: 345.6,
  outcome: 'success',
  plugins: [],
  problems: [],
  spans: [],
  criticalPath: [],
  ...fields,
});

describe('formatStartupSummary', () => {
  it('has a line a plugin with columns that line up, the total, and the added lines', () => {
    const lines = formatStartupSummary(
      result({
        plugins: [
          plugin('catalog', { durationMs: 1234, modules: [moduleResult('logs'), moduleResult('github')] }),
          plugin('scaffolder'),
        ],
      }),
      [
        { label: 'Listening', value: 'http://localhost:7007' },
        { label: 'Health', value: 'http://localhost:7007/.backstage/health/v1/readiness' },
      ],
    );
    expect(lines.map(line => line.text)).toEqual([
      '✓ catalog     started  1234 ms  logs (4 ms), github (4 ms)',
      '✓ scaffolder  started    12 ms',
      'Started 2 plugins in 346 ms',
      'Listening  http://localhost:7007',
      'Health     http://localhost:7007/.backstage/health/v1/readiness',
    ]);
    expect(lines.every(line => line.level === 'info')).toBe(true);
  });

  it('puts why something failed below its plugin, with every line of the message', () => {
    const lines = formatStartupSummary(
      result({
        outcome: 'failure',
        durationMs: 12_345,
        plugins: [
          plugin('catalog', {
            modules: [
              moduleResult('github', {
                status: 'failed',
                failure: { error: new Error('no token'), allowed: true },
              }),
            ],
          }),
          plugin('search', {
            status: 'skipped',
            durationMs: 0,
            modules: [moduleResult('pg', { status: 'skipped' })],
          }),
          plugin('todo', {
            status: 'failed',
            failure: {
              error: Object.assign(new Error('Cannot start:\n  a\n  b\n'), { code: 'GR_INIT_FAILED' }),
              allowed: false,
            },
          }),
        ],
        problems: [
          Object.assign(new Error('Port 7007 is in use.\nStop the other process.'), { code: 'EADDRINUSE' }),
        ],
      }),
      [],
    );
    expect(lines).toEqual([
      { text: '✓ catalog  started  12 ms  github (failed)', level: 'info' },
      { text: '    module github: no token', level: 'warn' },
      { text: '- search   skipped   0 ms  pg (skipped)', level: 'info' },
      { text: '✗ todo     failed   12 ms', level: 'error' },
      { text: '    Cannot start:', level: 'error' },
      { text: '      a', level: 'error' },
      { text: '      b [GR_INIT_FAILED]', level: 'error' },
      { text: '✗ Port 7007 is in use.', level: 'error' },
      { text: '    Stop the other process.', level: 'error' },
      { text: 'The start failed after 12.3 s: 1 plugin started (1 failed, 1 skipped)', level: 'error' },
    ]);
  });

  it('tells a failure of a module once, then what can be done about it', () => {
    const ofModule = new GreenroomError({ code: 'GR_INIT_FAILED', message: 'The module failed: no token' });
    const error = new GreenroomError({
      code: 'GR_MODULE_FAILED',
      message: `The plugin did not start because of its modules:\n  - ${ofModule.message}`,
      hint: 'Fix the module.',
    });
    const modules = [
      moduleResult('github', { status: 'failed', failure: { error: ofModule, allowed: false } }),
    ];
    const failure = { error, allowed: false };
    const plugins = [plugin('catalog', { status: 'failed', failure, modules })];
    const lines = formatStartupSummary(result({ outcome: 'failure', plugins }), []);
    expect(lines.map(({ text }) => text)).toEqual([
      '✗ catalog  failed  12 ms  github (failed)',
      '    module github: The module failed: no token [GR_INIT_FAILED]',
      '    Fix the module. [GR_MODULE_FAILED]',
      'The start failed after 346 ms: 0 plugins started (1 failed)',
    ]);
  });

  it('tells a cause once, and names where it was told for what else failed of it', () => {
    const because = (where: string) =>
      new GreenroomError({ code: 'GR_CONFIG_VALUE', message: 'The port is no number', path: [where] });
    const failed = (where: string) => ({
      status: 'failed' as const,
      failure: { error: because(where), allowed: false },
    });
    const modules = [moduleResult('github', failed('module')), moduleResult('logs')];
    const plugins = [
      plugin('catalog', { modules }),
      plugin('search', failed('search')),
      plugin('todo', failed('todo')),
    ];
    const lines = formatStartupSummary(
      result({ outcome: 'failure', plugins, problems: [because('the backend')] }),
      [],
    );
    expect(lines.map(({ text }) => text)).toEqual([
      '✓ catalog  started  12 ms  github (failed), logs (4 ms)',
      '    module github: The port is no number (module) [GR_CONFIG_VALUE]',
      '✗ search   failed   12 ms',
      '    for the same reason as module github of catalog [GR_CONFIG_VALUE]',
      '✗ todo     failed   12 ms',
      '    for the same reason as module github of catalog [GR_CONFIG_VALUE]',
      'The start failed after 346 ms: 1 plugin started (2 failed)',
    ]);
  });

  it('tells a cause again as an error that was told as a warning, which may not be shown', () => {
    const error = new GreenroomError({ code: 'GR_CONFIG_VALUE', message: 'The port is no number' });
    const failed = (allowed: boolean) => ({ status: 'failed' as const, failure: { error, allowed } });
    const plugins = [plugin('catalog', failed(true)), plugin('search', failed(false))];
    const lines = formatStartupSummary(result({ outcome: 'failure', plugins, problems: [error] }), []);
    expect(lines.filter(({ level }) => level === 'error').map(({ text }) => text)).toEqual([
      '✗ search   failed  12 ms',
      '    The port is no number [GR_CONFIG_VALUE]',
      'The start failed after 346 ms: 0 plugins started (2 failed)',
    ]);
  });

  it('tells once that the backend was stopped', () => {
    const aborted = (subject: string) => ({
      status: 'failed' as const,
      failure: {
        error: new GreenroomError({ code: 'GR_START_ABORTED', message: `${subject} was not started` }),
        allowed: false,
      },
    });
    const plugins = [plugin('catalog', aborted('Catalog')), plugin('todo', aborted('Todo'))];
    const lines = formatStartupSummary(result({ outcome: 'failure', plugins }), []);
    expect(lines.map(({ text }) => text)).toContain('    for the same reason as catalog [GR_START_ABORTED]');
  });

  it('has the code of the error that has the word', () => {
    const inner = Object.assign(new Error('Port 7007 is in use'), { code: 'GR_PORT_IN_USE' });
    const error = Object.assign(new Error(inner.message, { cause: inner }), { code: 'GR_SERVICE_FAILED' });
    const lines = formatStartupSummary(result({ outcome: 'failure', problems: [error] }), []);
    expect(lines[0]?.text).toBe('✗ Port 7007 is in use [GR_PORT_IN_USE]');
  });

  it('is the total alone where there is no plugin', () => {
    expect(formatStartupSummary(result({}), [])).toEqual([
      { text: 'Started 0 plugins in 346 ms', level: 'info' },
    ]);
  });

  it.each([
    [0, '0 ms'],
    [0.6, '1 ms'],
    [9999, '9999 ms'],
    [10_000, '10.0 s'],
  ])('writes %d ms as %s', (ms, text) => {
    expect(formatMs(ms)).toBe(text);
  });
});
