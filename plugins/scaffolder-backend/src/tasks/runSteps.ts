// Runs the steps of a task, one after the other, and makes its output.
import { toError } from '@backstage/errors';
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
import type { TaskRecord } from './TaskRecord';
import { validateActionInput } from './validateActionInput';

/** What all runs share. */
export interface StepTools extends Pick<ScaffolderSettings, 'environment' | 'workingDirectory'> {
  readonly actions: ActionRegistry;
  readonly renderer: TemplateRenderer;
  readonly metrics: TaskMetrics;
}

/** One run. */
export interface StepsRun {
  readonly taskId: string;
  readonly spec: TaskSpec;
  readonly secrets: TaskSecrets;
  /** For actions alone, as one of their secrets. */
  readonly backstageToken: string | undefined;
  readonly workspacePath: string;
  /** What an earlier run has done already. */
  readonly progress: TaskProgress;
  readonly record: TaskRecord;
  readonly signal: AbortSignal;
  readonly isDryRun: boolean;
  /** Throws `NotAllowedError` for what whoever created the task may not do. */
  checkAllowed(step: TaskStep, input: JsonObject): void;
  getInitiatorCredentials(): Promise<BackstageCredentials>;
}

interface Call {
  /** By which its progress is found again. */
  readonly key: string;
  readonly input: JsonObject;
  readonly each?: EachItem;
}

const MOST_ITEMS = 10_000;

/**
 * Gives the output. Rejects with what the first step failed with that did, or with the reason of the signal; the log has
 * it already. Behind a step that failed, those are run whose condition asks for that: `always()`, `failure()`.
 */
export async function runSteps(run: StepsRun, tools: StepTools): Promise<JsonObject> {
  const { spec, record, progress, signal } = run;
  const steps: { [id: string]: { output: JsonObject } } = {};
  const failures: unknown[] = [];
  const startContext: RenderContext = {
    parameters: spec.parameters,
    steps,
    ...(spec.user && { user: spec.user }),
    environment: { parameters: tools.environment.parameters },
    context: { task: { id: run.taskId } },
  };
  for (const [index, step] of spec.steps.entries()) {
    const { id: stepId, name } = step;
    const hasFailed = failures.length > 0;
    const context = { ...startContext, hasFailed };
    const attempt = hasFailed ? withoutProgress(run) : run;
    const done = progress.steps.get(stepKey(index));
    if (done) {
      steps[stepId] = { output: done };
      continue;
    }
    try {
      signal.throwIfAborted();
      const wanted = isDecidedByItem(step) || (await isWanted(step, context, tools));
      if (wanted) record.log({ message: `Step ${name} begins`, stepId, status: 'processing' });
      const began = performance.now();
      const output = wanted && (await runStep(attempt, tools, { index, step, context }));
      if (!output) {
        const why = hasFailed ? 'a step before it has failed' : 'its condition is false';
        record.log({ message: `Skipped step ${name}: ${why}`, stepId, status: 'skipped' });
        continue;
      }
      steps[stepId] = { output };
      tools.metrics.stepEnded(step.action, 'completed', performance.now() - began);
      await attempt.record.finish({
        key: stepKey(index),
        output,
        event: { message: `Step ${name} is done`, stepId, status: 'completed' },
        isLast: index === spec.steps.length - 1,
      });
    } catch (error) {
      if (signal.aborted) throw error;
      tools.metrics.stepEnded(step.action, 'failed');
      failures.push(error);
      // Rejects where the task is another instance's by now: nothing more is to be run here.
      await record.logSurely({ message: describeFailure(error), stepId, status: 'failed' });
    }
  }
  if (failures.length > 0) throw failures[0];
  return renderOutput(spec.output, startContext, tools.renderer);
}

/** What is done because a step failed is done again when that fails again, after a retry for example. */
function withoutProgress(run: StepsRun): StepsRun {
  const { record } = run;
  const finish: TaskRecord['finish'] = async ({ event }) => event && record.logSurely(event);
  const keepCheckpoint = async () => {};
  return {
    ...run,
    progress: noProgress,
    record: {
      log: body => record.log(body),
      logSurely: body => record.logSurely(body),
      finish,
      keepCheckpoint,
    },
  };
}

function isWanted(step: TaskStep, context: RenderContext, tools: StepTools): Promise<boolean> {
  return tools.renderer.evaluateCondition(step.if, context, ['steps', step.id, 'if']);
}

/** A condition that names `each` is about the items. */
function isDecidedByItem(step: TaskStep): boolean {
  return step.each !== undefined && typeof step.if === 'string' && /\beach\b/.test(step.if);
}

async function runStep(
  run: StepsRun,
  tools: StepTools,
  at: { index: number; step: TaskStep; context: RenderContext },
): Promise<JsonObject | undefined> {
  const { step, index } = at;
  const action = findAction(tools.actions, step);
  const withSecrets = { ...at.context, secrets: run.secrets, environment: tools.environment };
  const items = await tools.renderer.expandEach(step.each, withSecrets, ['steps', step.id, 'each']);
  if (items && items.length > MOST_ITEMS) {
    throw new RangeError(
      `Step '${step.id}' would run ${items.length} times; at most ${MOST_ITEMS} items are allowed in 'each'`,
    );
  }
  // All of them are looked at before the first one changes anything.
  const calls: Call[] = [];
  for (const [item, each] of (items ?? [undefined]).entries()) {
    if (each && isDecidedByItem(step) && !(await isWanted(step, { ...at.context, each }, tools))) continue;
    const context = { ...withSecrets, ...(each && { each }) };
    const key = stepKey(index, each && item);
    calls.push(await prepare(run, tools, { action, step, context, key }));
  }
  if (!items) return callAction(run, tools, { action, step, call: calls[0]! });
  if (calls.length === 0 && items.length > 0) return undefined;

  const outputs: { [name: string]: JsonValue[] } = {};
  for (const call of calls) {
    const { key } = call;
    let output = run.progress.steps.get(key);
    if (!output) {
      run.signal.throwIfAborted();
      output = await callAction(run, tools, { action, step, call });
      await run.record.finish({ key, output, isLast: false });
    }
    for (const [name, value] of Object.entries(output)) (outputs[name] ??= []).push(value ?? null);
  }
  return outputs;
}

async function prepare(
  run: StepsRun,
  tools: StepTools,
  at: { action: TemplateAction; step: TaskStep; context: RenderContext; key: string },
): Promise<Call> {
  const { action, step, context, key } = at;
  const { each } = context;
  const rendered = await tools.renderer.render(step.input ?? {}, context, ['steps', step.id, 'input']);
  const input = validateActionInput(action, step, rendered as JsonObject);
  run.checkAllowed(step, input);
  return { key, input, ...(each && { each }) };
}

async function callAction(
  run: StepsRun,
  tools: StepTools,
  { action, step, call }: { action: TemplateAction; step: TaskStep; call: Call },
): Promise<JsonObject> {
  const logger = new TaskLogger(run.record.log.bind(run.record), step.id);
  if (run.isDryRun && !action.supportsDryRun) {
    logger.info(`The action ${action.id} is left out of dry runs; its output here is an example`);
    return exampleOutput(action);
  }
  try {
    return await runAction(action, {
      input: call.input,
      ...(call.each && { each: call.each }),
      logger,
      secrets: { ...run.secrets, ...(run.backstageToken && { backstageToken: run.backstageToken }) },
      signal: run.signal,
      workspacePath: run.workspacePath,
      workingDirectory: tools.workingDirectory,
      task: { id: run.taskId },
      step: { id: step.id, name: step.name },
      isDryRun: run.isDryRun,
      ...(run.spec.templateInfo && { templateInfo: run.spec.templateInfo }),
      ...(run.spec.user && { user: run.spec.user }),
      getInitiatorCredentials: run.getInitiatorCredentials,
      async checkpoint({ key: name, fn }) {
        // As JSON, because an action may name it with whatever characters.
        const checkpoint = JSON.stringify([call.key, name]);
        const known = run.progress.checkpoints.get(checkpoint);
        if (known !== undefined) return known as never;
        const value = (await fn()) as JsonValue | void;
        await run.record.keepCheckpoint(checkpoint, value ?? null);
        return value as never;
      },
    });
  } finally {
    logger.close();
  }
}

/** With the causes, which often are what helps. */
function describeFailure(failure: unknown): string {
  const { name, message, cause } = toError(failure);
  const own = `${name}: ${message}`;
  return cause === undefined ? own : `${own}; caused by ${describeFailure(cause)}`;
}
