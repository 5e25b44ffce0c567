// How much of the log of a step is kept.
import type { TaskEventBody } from './Task';
import { TaskLogger } from './TaskLogger';

it.each([
  ['lines', 'x', 10_000],
  ['characters', 'x'.repeat(50_000), 152],
])('drops what follows after so many %s, and says so once', (_, line, kept) => {
  const events: TaskEventBody[] = [];
  const logger = new TaskLogger(body => events.push(body), 'one');
  for (let at = 0; at < 10_100; at++) logger.info(line);
  expect(events).toHaveLength(kept + 1);
  expect(events.at(-1)).toEqual({
    message: 'The step has written 10000 lines or 5000000 characters; what follows is left out',
    stepId: 'one',
    level: 'warn',
  });
});
