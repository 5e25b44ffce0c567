// The action debug:wait.
import { setTimeout as sleep } from 'node:timers/promises';
import { InputError } from '@backstage/errors';
import { createTemplateAction } from '@greenroom/plugin-scaffolder-node';

type DebugWaitInput = { minutes?: number; seconds?: number; milliseconds?: number };

const longestWait = 10 * 60_000;
const amount = { type: 'number', minimum: 0 };

/** Waits, for at most ten minutes. */
export function createDebugWaitAction() {
  return createTemplateAction<DebugWaitInput>({
    id: 'debug:wait',
    description: 'Waits for a while, ten minutes at most.',
    supportsDryRun: true,
    examples: [
      {
        description: 'Half a minute',
        example: `steps:
  - id: wait
    name: Wait
    action: debug:wait
    input:
      seconds: 30
`,
      },
      {
        description: 'A minute and a half',
        example: `steps:
  - id: wait
    name: Wait
    action: debug:wait
    input:
      minutes: 1
      seconds: 30
`,
      },
    ],
    schema: {
      input: {
        type: 'object',
        additionalProperties: false,
        properties: {
          minutes: { ...amount, title: 'Minutes' },
          seconds: { ...amount, title: 'Seconds' },
          milliseconds: { ...amount, title: 'Milliseconds' },
        },
      },
    },
    async handler(ctx) {
      const { minutes = 0, seconds = 0, milliseconds = 0 } = ctx.input;
      const duration = minutes * 60_000 + seconds * 1000 + milliseconds;
      if (duration > longestWait) {
        throw new InputError(`${duration / 1000} seconds are too long to wait: 10 minutes are the most.`);
      }
      ctx.logger.info(`${ctx.isDryRun ? 'Would wait' : 'Waiting'} for ${duration / 1000} seconds`);
      if (!ctx.isDryRun) await sleep(duration, undefined, { signal: ctx.signal });
    },
  });
}
