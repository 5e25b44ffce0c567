// Lets graphile-worker write to the log of the plugin.
import type { LoggerService } from '@greenroom/backend-plugin-api';
import type { Logger } from 'graphile-worker';

/** What it does with each job is for debugging; only what goes wrong is more than that. */
export async function toGraphileLogger(logger: LoggerService): Promise<Logger> {
  const { Logger: GraphileLogger } = await import('graphile-worker');
  return new GraphileLogger(() => (level, message) => {
    if (level === 'error' || level === 'warning') logger.warn(`Queue of tasks: ${message}`);
    else logger.debug(`Queue of tasks: ${message}`);
  });
}
