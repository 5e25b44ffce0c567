// Tests of reading schedules.
import { ConfigReader } from '@backstage/config';
import type { JsonObject } from '@backstage/types';
import { readSchedulerServiceTaskScheduleDefinitionFromConfig } from './readSchedulerServiceTaskScheduleDefinitionFromConfig';

const read = (data: JsonObject) =>
  readSchedulerServiceTaskScheduleDefinitionFromConfig(
    new ConfigReader({ schedule: data }).getConfig('schedule'),
  );

describe('readSchedulerServiceTaskScheduleDefinitionFromConfig', () => {
  it('reads everything', () => {
    expect(
      read({
        frequency: { cron: '0 30 * * * *' },
        timeout: 'PT3M',
        initialDelay: { seconds: 20 },
        scope: 'local',
      }),
    ).toEqual({
      frequency: { cron: '0 30 * * * *' },
      timeout: { minutes: 3 },
      initialDelay: { seconds: 20 },
      scope: 'local',
    });
  });

  it.each([
    ['1h', { hours: 1 }],
    ['PT90M', { minutes: 90 }],
    [{ minutes: 5 }, { minutes: 5 }],
    [{ trigger: 'manual' }, { trigger: 'manual' }],
  ])('reads the frequency %j and leaves out what is not given', (frequency, expected) => {
    expect(read({ frequency, timeout: { minutes: 1 } })).toEqual({
      frequency: expected,
      timeout: { minutes: 1 },
    });
  });

  it.each([
    [{ timeout: '1m' }, /schedule\.frequency/],
    [{ frequency: '1h' }, /timeout/],
    [{ frequency: '0 * * * *', timeout: '1m' }, /write it as \{ cron: '0 \* \* \* \*' \}/],
    [{ frequency: { trigger: 'auto' }, timeout: '1m' }, /can only be 'manual'/],
    [{ frequency: { cron: '0 * * * *', minutes: 1 }, timeout: '1m' }, /'cron' and also 'minutes'/],
    [{ frequency: { cron: 5 }, timeout: '1m' }, /schedule\.frequency\.cron/],
    [{ frequency: ['1h'], timeout: '1m' }, /frequency/],
    [{ frequency: '1h', timeout: 'soon' }, /timeout/],
    [{ frequency: '1h', timeout: '1m', initialDelay: 'soon' }, /initialDelay/],
    [
      { frequency: '1h', timeout: '1m', scope: 'all' },
      /'scope' is 'all'; it can only be 'global' or 'local'/,
    ],
  ])('refuses %j and says why', (data, message) => {
    expect(() => read(data)).toThrow(message);
  });
});
