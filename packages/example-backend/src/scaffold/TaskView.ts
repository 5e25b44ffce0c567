// Shows a running task: the progress of its steps, their log lines, and the output.
import { styleText } from 'node:util';
import type { TaskEvent, TaskStep } from './BackendApi';

type Style = Parameters<typeof styleText>[0];

const marks: Record<string, { mark: string; style: Style }> = {
  processing: { mark: '▶', style: 'cyan' },
  completed: { mark: '✓', style: 'green' },
  failed: { mark: '✗', style: 'red' },
  cancelled: { mark: '■', style: 'yellow' },
  skipped: { mark: '-', style: 'dim' },
};

/** Writes one line per event. */
export class TaskView {
  readonly #steps: readonly TaskStep[];
  readonly #write: (line: string) => void;
  readonly #isColored: boolean;
  readonly #beganAt = new Map<string, number>();

  constructor(steps: readonly TaskStep[], options: { write: (line: string) => void; isColored: boolean }) {
    this.#steps = steps;
    this.#write = options.write;
    this.#isColored = options.isColored;
  }

  show(event: TaskEvent): void {
    const { message, stepId, status, level } = event.body;
    const at = this.#steps.findIndex(({ id }) => id === stepId);
    if (event.type === 'completion') {
      this.#showEnd(event);
    } else if (stepId !== undefined && at >= 0 && status !== undefined && marks[status]) {
      const { mark, style } = marks[status];
      const place = `[${at + 1}/${this.#steps.length}]`;
      this.#write(this.#styled(style, `${mark} ${place} ${this.#steps[at]!.name}${this.#timeOf(event)}`));
      if (status === 'failed' || status === 'skipped') this.#write(`    ${message}`);
    } else {
      const indented = message.split('\n').map(line => `    ${line}`);
      this.#write(
        level === 'error' || level === 'warn'
          ? this.#styled('yellow', indented.join('\n'))
          : indented.join('\n'),
      );
    }
  }

  #showEnd({ body: { message, status = 'completed', output = {} } }: TaskEvent): void {
    const { mark, style } = marks[status] ?? marks.completed!;
    this.#write(`\n${this.#styled(style, `${mark} ${message}`)}`);
    const { links, text, ...rest } = output as { links?: unknown; text?: unknown };
    for (const { title, url, entityRef } of listOf(links)) {
      this.#write(`  ${title ?? 'Link'}: ${url ?? entityRef ?? ''}`);
    }
    for (const { title, content } of listOf(text)) this.#write(`  ${title ?? ''}\n${content ?? ''}`);
    for (const [name, value] of Object.entries(rest)) {
      this.#write(`  ${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`);
    }
  }

  #timeOf({ body: { stepId, status }, createdAt }: TaskEvent): string {
    const now = Date.parse(createdAt);
    if (status === 'processing') this.#beganAt.set(stepId!, now);
    const beganAt = this.#beganAt.get(stepId!);
    return status === 'completed' && beganAt !== undefined
      ? ` (${((now - beganAt) / 1000).toFixed(1)} s)`
      : '';
  }

  #styled(style: Style, text: string): string {
    return this.#isColored ? styleText(style, text) : text;
  }
}

function listOf(value: unknown): Array<Record<string, string | undefined>> {
  return Array.isArray(value) ? value.map(item => Object(item) as Record<string, string | undefined>) : [];
}
