// Counts and times tasks and their steps.
import type {
  MetricsService,
  MetricsServiceCounter,
  MetricsServiceHistogram,
} from '@greenroom/backend-plugin-api/alpha';
import type { TaskEnd } from './Task';

/** Attributes have few distinct values: there are few templates and actions, but many tasks. */
export class TaskMetrics {
  readonly #tasks: MetricsServiceCounter;
  readonly #taskDuration: MetricsServiceHistogram;
  readonly #steps: MetricsServiceCounter;
  readonly #stepDuration: MetricsServiceHistogram;

  constructor(metrics: MetricsService) {
    this.#tasks = metrics.createCounter('scaffolder.task.count', {
      description: 'Tasks that ended, by template and result',
    });
    this.#taskDuration = metrics.createHistogram('scaffolder.task.duration', {
      description: 'From the beginning of a run of a task to its end',
      unit: 's',
    });
    this.#steps = metrics.createCounter('scaffolder.step.count', {
      description: 'Steps that ended, by action and result',
    });
    this.#stepDuration = metrics.createHistogram('scaffolder.step.duration', {
      description: 'How long steps that completed took',
      unit: 's',
    });
  }

  taskEnded(template: string, result: TaskEnd, milliseconds: number): void {
    this.#tasks.add(1, { template, result });
    this.#taskDuration.record(milliseconds / 1000, { template, result });
  }

  stepEnded(action: string, result: 'completed' | 'failed', milliseconds?: number): void {
    this.#steps.add(1, { action, result });
    if (milliseconds !== undefined) this.#stepDuration.record(milliseconds / 1000, { action });
  }
}
