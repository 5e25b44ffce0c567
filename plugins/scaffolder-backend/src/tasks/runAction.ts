// Runs an action once, and removes its temporary folders.
import type { JsonObject, JsonValue } from '@backstage/types';
import type { ActionContext, TemplateAction } from '@greenroom/plugin-scaffolder-node';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { hidePlaces } from '../workspace/hidePlaces';
import { removeWorkspace } from '../workspace/removeWorkspace';
import { TaskHandedOverError } from './taskErrors';

/** How long to wait for an action to end after it was aborted. */
const GRACE_MS = 5_000;
/** The same at a stop: together with `shutdownTimeout`, it must fit into the 15 s that a shutdown hook has by default. */
export const STOP_GRACE_MS = 3_000;

/** The context of an action, except for what `runAction` provides itself. */
export type ActionCall = Omit<ActionContext<JsonObject>, 'output' | 'createTemporaryDirectory' | 'signal'> & {
  readonly signal: AbortSignal;
  /** Where temporary folders are created. */
  readonly workingDirectory: string;
};

/** Returns the outputs of the action. Once the signal is aborted, rejects with its reason, whatever the action does. */
export async function runAction(action: TemplateAction, call: ActionCall): Promise<JsonObject> {
  const { workingDirectory, ...context } = call;
  const { signal } = call;
  const output: JsonObject = {};
  const folders: string[] = [];
  try {
    signal.throwIfAborted();
    const handled = action.handler({
      ...context,
      output: (name, value) => {
        if (value !== undefined) output[name] = asJson(action, name, value);
      },
      createTemporaryDirectory: async () => {
        // Nobody would remove those that an abandoned action creates.
        signal.throwIfAborted();
        const folder = await mkdtemp(join(workingDirectory, 'greenroom-step-'));
        folders.push(folder);
        return folder;
      },
    });
    await untilAbandoned(Promise.resolve(handled), signal);
    signal.throwIfAborted();
    return output;
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    hidePlaces(error, call.workspacePath, folders);
    throw error;
  } finally {
    await Promise.all(folders.map(removeWorkspace));
  }
}

/** The value as it will be after storing it, so that later steps see the same before and after an interruption. */
function asJson(action: TemplateAction, name: string, value: unknown): JsonValue {
  try {
    return JSON.parse(JSON.stringify(value)) as JsonValue;
  } catch (cause) {
    throw new TypeError(`The action '${action.id}' gave an output '${name}' that is not JSON`, { cause });
  }
}

async function untilAbandoned(work: Promise<unknown>, signal: AbortSignal): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  let onAbort!: () => void;
  const abandoned = new Promise<void>(done => {
    onAbort = () => {
      timer = setTimeout(done, signal.reason instanceof TaskHandedOverError ? STOP_GRACE_MS : GRACE_MS);
    };
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    await Promise.race([work, abandoned]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}
