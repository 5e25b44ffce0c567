// Tests cron expressions in the nights in which clocks change, in a process with such a time zone.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The next times after some others, as `hh:mm` in UTC. */
function nextTimes(cron: string, after: string[], night: string): string[] {
  const tsx = pathToFileURL(require.resolve('tsx')).href;
  const fixture = join(__dirname, 'cronTimes.fixture.ts');
  const times = after.map(time => `${night}T${time}:00Z`);
  const output = execFileSync(
    process.execPath,
    ['--conditions=greenroom-source', '--import', tsx, fixture, cron, ...times],
    { encoding: 'utf8', env: { ...process.env, TZ: 'Europe/Berlin' } },
  );
  return (JSON.parse(output) as string[]).map(time => time.replace(`${night}T`, '').slice(0, -8));
}

describe('in the night in which the hour from 02:00 on comes twice, at 00:00 and 01:00 UTC', () => {
  it.each([
    ['*/15 * * * *', ['00:45', '01:05', '01:50'], ['01:00', '01:15', '02:00']],
    ['0 * * * *', ['00:10', '01:10'], ['01:00', '02:00']],
    ['30 2 * * *', ['00:10', '00:30', '01:10'], ['00:30', '2026-10-26T01:30', '2026-10-26T01:30']],
    ['30 2,3 * * *', ['00:30', '01:10'], ['02:30', '02:30']],
  ])(
    "'%s' goes on, and has no time that is over",
    (cron, after, next) => {
      expect(nextTimes(cron, after, '2026-10-25')).toEqual(next);
    },
    30_000,
  );
});

describe('in the night in which the hour from 02:00 on is missing, at 01:00 UTC', () => {
  it.each([
    ['*/15 * * * *', ['00:45', '01:00'], ['01:00', '01:15']],
    ['30 2 * * *', ['00:10', '01:30'], ['01:00', '2026-03-30T00:30']],
  ])(
    "'%s' runs as soon as that hour would be over",
    (cron, after, next) => {
      expect(nextTimes(cron, after, '2026-03-29')).toEqual(next);
    },
    30_000,
  );
});
