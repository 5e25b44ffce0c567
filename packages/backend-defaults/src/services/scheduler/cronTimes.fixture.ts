// Prints the next times of a cron expression in the time zone of this process, for daylightSaving.test.ts.
import { TaskSchedule } from './TaskSchedule';

const [cron, ...times] = process.argv.slice(2) as [string, ...string[]];
void TaskSchedule.read({ frequency: { cron }, timeout: { minutes: 1 } }).then(schedule => {
  const next = times.map(time => new Date(schedule.nextRun(0, Date.parse(time))!).toISOString());
  process.stdout.write(JSON.stringify(next));
});
