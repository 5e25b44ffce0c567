// Runs the steps of a task one after the other, and renders its output.
import { InputError, toError } from '@backstage/errors';
import type { JsonObject, JsonValue } from '@backstage/types';
import type { BackstageCredentials } from '@greenroom/backend-plugin-api';
import type { TaskSecrets, TemplateAction } from '@greenroom/plugin-scaffolder-node';
import type { ActionRegistry } from '../actions/ActionRegistry';
import type { ScaffolderSettings } from '../config/readScaffolderSettings';
import { noProgress, stepKey, type TaskProgress } from '../database/TaskProgress';
import type { TaskSpec, TaskStep } from '../templates/TaskSpec';
import type { EachItem, RenderContext, TemplateRenderer } from '../templates/TemplateRenderer';
import { exampleOutput } from './exampleOutput';
import { findAction } from './findAction';
import { renderOutput } from './renderOutput';
import { runAction } from './runAction';
import type { TaskMetrics } from './TaskMetrics';
import { TaskLogger } from './TaskLogger';
import { type TaskRecord, withoutKeeping } from './TaskRecord';
import { validateActionInput } from './validateActionInput';

const DEEPEST_CAUSE = 10;
/** The characters of all inputs of a step with `each`, which are in memory at the same time. */
const MOST_INPUT = 50_000_000;

/** What all runs share. */
export interface StepTools extends Pick<ScaffolderSettings, 'environment' | 'workingDirectory'> {
  readonly actions: ActionRegistry;
  readonly renderer: TemplateRenderer;
  readonly metrics: TaskMetrics;
}

/** A single run. */
export interface StepsRun extends StepTools {
  readonly taskId: string;
  readonly spec: TaskSpec;
  readonly secrets: TaskSecrets;
  /** Passed to actions only, as one of their secrets. */
  readonly backstageToken: string | undefined;
  readonly workspacePath: string;
  /** What an earlier run has already done. */
  readonly progress: TaskProgress;
  readonly record: TaskRecord;
  readonly signal: AbortSignal;
  readonly isDryRun: boolean;
  /** Throws `NotAllowedError` if the creator of the task may not run the step with this input. */
  checkAllowed(step: TaskStep, input: JsonObject): void;
  getInitiatorCredentials(): Promise<BackstageCredentials>;
}

/** A single execution of an action. A step with `each` has several. */
interface Call {
  readonly action: TemplateAction;
  readonly step: TaskStep;
  /** The key of its progress. */
  readonly key: string;
  readonly input: JsonObject;
  readonly each?: EachItem;
}

/**
 * Returns the output. Rejects with the error of the first failed step, which is already in the log, or with the
 * reason of the signal. After a failure, only steps whose condition calls `always()` or `failure()` run.
 */
export async function runSteps(run: StepsRun): Promise<JsonObject> {
  const { spec, record, progress, signal, metrics } = run;
  const steps: { [id: string]: { output: JsonObject } } = {};
  const failures: unknown[] = [];
  const startContext: RenderContext = {
    parameters: spec.parameters,
    steps,
    user: spec.user,
    environment: { parameters: run.environment.parameters },
    context: { task: { id: run.taskId } },
  };
  for (const [index, step] of spec.steps.entries()) {
    const done = progress.steps.get(stepKey(index));
    if (done) {
      steps[step.id] = { output: done };
      continue;
    }
    try {
      signal.throwIfAborted();
      await attemptStep(step, index);
    } catch (error) {
      if (signal.aborted) throw error;
      metrics.stepEnded(step.action, 'failed');
      failures.push(error);
      // Rejects if another instance has the task by now, in which case nothing more may run here.
      await record.logSurely({ message: describeFailure(error), stepId: step.id, status: 'failed' });
    }
  }
  if (failures.length > 0) throw failures[0];
  return renderOutput(spec.output, startContext, run.renderer);

  async function attemptStep(step: TaskStep, index: number): Promise<void> {
    const { id: stepId, name } = step;
    const hasFailed = failures.length > 0;
    const context = { ...startContext, hasFailed };
    // What runs because of a failure is not recorded as done, so that it runs again if the step fails again after a retry.
    const attempt = hasFailed ? { ...run, progress: noProgress, record: withoutKeeping(record) } : run;
    const wanted = isDecidedByItem(step)
      ? !hasFailed || mayAskForFailure(step)
      : await isWanted(run, step, context);
    if (wanted) record.log({ message: `Step ${name} begins`, stepId, status: 'processing' });
    const began = performance.now();
    const output = wanted && (await runStep(attempt, index, context));
    if (!output) {
      const why = hasFailed ? 'a step before it has failed' : 'its condition is false';
      record.log({ message: `Skipped step ${name}: ${why}`, stepId, status: 'skipped' });
      return;
    }
    steps[stepId] = { output };
    metrics.stepEnded(step.action, 'completed', performance.now() - began);
    await attempt.record.finish({
      key: stepKey(index),
      output,
      event: { message: `Step ${name} is done`, stepId, status: 'completed' },
      isLast: index === spec.steps.length - 1,
    });
  }
}

function isWanted({ renderer }: StepsRun, step: TaskStep, context: RenderContext): Promise<boolean> {
  return renderer.evaluateCondition(step.if, context, ['steps', step.id, 'if']);
}

/** A condition that mentions `each` is evaluated per item. */
function isDecidedByItem(step: TaskStep): boolean {
  return step.each !== undefined && typeof step.if === 'string' && /\beach\b/.test(step.if);
}

/** Whether items are worth evaluating after a failure: they may depend on the output of the failed step. */
function mayAskForFailure(step: TaskStep): boolean {
  return /\b(?:always|failure)\b/.test(String(step.if));
}

async function runStep(
  run: StepsRun,
  index: number,
  context: RenderContext,
): Promise<JsonObject | undefined> {
  const step = run.spec.steps[index]!;
  const action = findAction(run.actions, step);
  const withSecrets = { ...context, secrets: run.secrets, environment: run.environment };
  const items = await run.renderer.expandEach(step.each, withSecrets, ['steps', step.id, 'each']);
  // All inputs are checked before the first call changes anything.
  const calls: Call[] = [];
  let size = 0;
  for (const [item, each] of (items ?? [undefined]).entries()) {
    run.signal.throwIfAborted();
    if (each && isDecidedByItem(step) && !(await isWanted(run, step, { ...context, each }))) continue;
    const path = ['steps', step.id, 'input'];
    const rendered = await run.renderer.render(step.input ?? {}, { ...withSecrets, each }, path);
    const input = validateActionInput(action, step, rendered as JsonObject);
    run.checkAllowed(step, input);
    if (each) size += JSON.stringify(input).length;
    if (size > MOST_INPUT) {
      throw new InputError(
        `The inputs of step '${step.id}' for its items have more than ${MOST_INPUT} characters. Give fewer items, or less for each.`,
      );
    }
    calls.push({ action, step, key: stepKey(index, each && item), input, each });
  }
  if (calls.length === 0 && items && items.length > 0) return undefined;

  const logger = new TaskLogger(body => run.record.log(body), step.id);
  try {
    return items ? await callForItems(run, calls, logger) : await callAction(run, calls[0]!, logger);
  } finally {
    logger.close();
  }
}

async function callForItems(run: StepsRun, calls: readonly Call[], logger: TaskLogger): Promise<JsonObject> {
  const outputs: { [name: string]: JsonValue[] } = {};
  for (const call of calls) {
    const { key } = call;
    let output = run.progress.steps.get(key);
    if (!output) {
      run.signal.throwIfAborted();
      output = await callAction(run, call, logger);
      await run.record.finish({ key, output, isLast: false });
    }
    for (const [name, value] of Object.entries(output)) (outputs[name] ??= []).push(value ?? null);
  }
  return outputs;
}

async function callAction(
  run: StepsRun,
  { action, step, key, input, each }: Call,
  logger: TaskLogger,
): Promise<JsonObject> {
  if (run.isDryRun && !action.supportsDryRun) {
    logger.info(`The action ${action.id} is left out of dry runs; its output here is an example`);
    return exampleOutput(action);
  }
  return runAction(action, {
    input,
    each,
    logger,
    secrets: { ...run.secrets, ...(run.backstageToken && { backstageToken: run.backstageToken }) },
    signal: run.signal,
    workspacePath: run.workspacePath,
    workingDirectory: run.workingDirectory,
    task: { id: run.taskId },
    step: { id: step.id, name: step.name },
    isDryRun: run.isDryRun,
    templateInfo: run.spec.templateInfo,
    user: run.spec.user,
    getInitiatorCredentials: run.getInitiatorCredentials,
    async checkpoint({ key: name, fn }) {
      // As JSON, because an action may use any characters in the name.
      const checkpoint = JSON.stringify([key, name]);
      const known = run.progress.checkpoints.get(checkpoint);
      if (known !== undefined) return known as never;
      const value = (await fn()) as JsonValue | void;
      await run.record.keepCheckpoint(checkpoint, value ?? null);
      return value as never;
    },
  });
}

/** Includes the causes, which are often the helpful part. Not all, because an error may be its own cause. */
function describeFailure(failure: unknown, depth = 0): string {
  const { name, message, cause } = toError(failure);
  const own = `${name}: ${message}`;
  if (cause === undefined || depth === DEEPEST_CAUSE) return own;
  // Some errors have their cause in their message, but not its own cause.
  const { name: itsName, message: itsMessage } = toError(cause);
  const told = `; caused by ${itsName}: ${itsMessage}`;
  const without = own.endsWith(told) ? own.slice(0, -told.length) : own;
  return `${without}; caused by ${describeFailure(cause, depth + 1)}`;
}
