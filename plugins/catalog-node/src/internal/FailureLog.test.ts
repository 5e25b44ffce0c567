// Tests of what is logged while work fails again and again.
import type { LoggerService } from '@greenroom/backend-plugin-api';
import { FailureLog } from './FailureLog';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

function startLog(options?: { waits: boolean }) {
  const lines: string[] = [];
  const add = (level: string) => (message: string) => void lines.push(`${level} ${message}`);
  const logger: LoggerService = {
    error: add('error'),
    warn: add('warn'),
    info: add('info'),
    debug() {},
    child: () => logger,
  };
  return { lines, log: new FailureLog(logger, 'Counting', options) };
}

it('tells when failures begin, after a minute, two and four, and when they are over', () => {
  const { lines, log } = startLog();
  for (let second = 0; second < 300; second++) {
    log.failed(new Error(`no ${second}`));
    jest.advanceTimersByTime(1000);
  }
  log.worked();
  log.worked();
  expect(lines).toEqual([
    'error Counting failed, and is tried again until it works',
    'error Counting has failed for 60 s: no 60',
    'error Counting has failed for 120 s: no 120',
    'error Counting has failed for 240 s: no 240',
    'info Counting works again after 300 s',
  ]);
});

it('waits for the next attempt where it is to, and leaves outages to the database service', () => {
  const { lines, log } = startLog({ waits: true });
  log.failed(new Error('no'));
  log.worked();
  log.failed(new Error('no'));
  const outage = Object.assign(new Error('out of reach'), { code: 'GR_DATABASE_UNAVAILABLE' });
  for (let attempt = 0; attempt < 3; attempt++) log.failed(outage);
  log.worked();
  expect(lines).toEqual([]);
});
