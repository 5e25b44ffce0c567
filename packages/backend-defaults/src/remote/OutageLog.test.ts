// Tests of what is logged while a server can't be used.
import { MemoryLogger } from '../testing/MemoryLogger';
import { OutageLog } from './OutageLog';

beforeEach(() => {
  jest.useFakeTimers();
  // A clock does not begin when an outage does.
  jest.advanceTimersByTime(12_345);
});
afterEach(() => {
  jest.useRealTimers();
});

it('tells of an outage when it begins, after a minute, two and four, and when it is over', () => {
  const logger = new MemoryLogger();
  const log = new OutageLog({ logger, subject: 'The server', withoutIt: 'Nothing works' });
  for (let second = 0; second < 300; second++) {
    log.down(new Error('no'));
    jest.advanceTimersByTime(1000);
  }
  log.up(true);
  log.down(new Error('no'));
  expect(logger.entries.map(({ level, message }) => `${level} ${message}`)).toEqual([
    "warn The server can't be used: no. Nothing works.",
    'warn The server has been unusable for 60 s: no',
    'warn The server has been unusable for 120 s: no',
    'warn The server has been unusable for 240 s: no',
    'info The server is used again after 300 s',
    "warn The server can't be used: no. Nothing works.",
  ]);
});

it('warns of old values if too much changed meanwhile, and says nothing of servers that were never down', () => {
  const logger = new MemoryLogger();
  const log = new OutageLog({ logger, subject: 'The server', withoutIt: 'Nothing works' });
  log.up(false);
  expect(logger.entries).toEqual([]);
  log.down(new Error('no'));
  log.up(false);
  expect(logger.entries.slice(1)).toMatchObject([
    { level: 'info', message: 'The server is used again after 0 s' },
    { level: 'warn', message: expect.stringContaining('The server may hold old values until they expire') },
  ]);
});
