// Runs one action once, and takes back what it borrowed.
import type { JsonObject, JsonValue } from '@backstage/types';
import type { ActionContext, TemplateAction } from '@greenroom/plugin-scaffolder-node';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** For how long an action that was told to end is waited for. */
const GRACE_MS = 5_000;

/** What a call of an action has that does not follow from how it is called. */
export type ActionCall = Omit<ActionContext<JsonObject>, 'output' | 'createTemporaryDirectory' | 'signal'> & {
  readonly signal: AbortSignal;
  /** Where temporary folders are made. */
  readonly workingDirectory: string;
};

/** Gives what the action put out. Rejects with the reason of the signal once that is aborted, whatever the action does. */
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
        const folder = await mkdtemp(join(workingDirectory, 'greenroom-step-'));
        folders.push(folder);
        return folder;
      },
    });
    await untilAbandoned(Promise.resolve(handled), signal);
    signal.throwIfAborted();
    return output;
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  } finally {
    await Promise.all(folders.map(folder => rm(folder, { recursive: true, force: true })));
  }
}

/** As it is once it has been stored: otherwise steps would see something else after an interruption. */
function asJson(action: TemplateAction, name: string, value: unknown): JsonValue {
  try {
    return JSON.parse(JSON.stringify(value)) as JsonValue;
  } catch (cause) {
    throw new TypeError(`The action '${action.id}' gave an output '${name}' that is no JSON`, { cause });
  }
}

async function untilAbandoned(work: Promise<unknown>, signal: AbortSignal): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  let onAbort!: () => void;
  const abandoned = new Promise<void>(resolve => {
    onAbort = () => (timer = setTimeout(resolve, GRACE_MS));
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    await Promise.race([work, abandoned]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}
