// Records the outcome of a start: the spans, exactly one entry per plugin and module, and finally the result.
import type { EngineError } from '../errors';
import { criticalPath } from '../report/criticalPath';
import { SpanRecorder } from '../report/SpanRecorder';
import type { BackendStartupResult } from '../report/StartupResult';
import type { Part } from './Part';

type Entry = Pick<Part, 'id' | 'status' | 'modules'> & Partial<Pick<Part, 'span' | 'failure'>>;

export class StartupReport extends SpanRecorder {
  readonly problems: EngineError[] = [];
  /** One per plugin. */
  entries: readonly Entry[] = [];
  #isDecided = false;

  /** Keeps the first failure: later ones are usually its consequences. */
  fail(entry: Part, error: Error, allowed: boolean): void {
    entry.status = 'failed';
    if (entry.failure) return;
    if (entry.moduleId !== undefined) entry.plugin.hasFailedModule = true;
    entry.failure = { error, allowed };
    if (!allowed) this.#isDecided = true;
  }

  /** Whether something failed that the boot failure policy does not allow. */
  hasDecisiveFailure(): boolean {
    return this.#isDecided || this.problems.length > 0;
  }

  /** Ends the recording. The large parts of the result are computed on first access. */
  result(): BackendStartupResult {
    this.end(this.whole);
    const made: Partial<BackendStartupResult> = {};
    const list = () => this.list();
    const pluginResults = () =>
      this.entries.map(entry => {
        const modules = entry.modules.map(module => ({ moduleId: module.id, ...this.#outcome(module) }));
        return { pluginId: entry.id, ...this.#outcome(entry), modules };
      });
    return {
      ...this.timesOf(this.whole),
      outcome: this.hasDecisiveFailure() ? 'failure' : 'success',
      // A copy, because work that continues after a deadline may still fail.
      problems: [...this.problems],
      get plugins() {
        return (made.plugins ??= pluginResults());
      },
      get spans() {
        return (made.spans ??= list());
      },
      get criticalPath() {
        return (made.criticalPath ??= criticalPath(this.spans));
      },
    };
  }

  #outcome({ status, span, failure }: Entry) {
    const nothing = { beginAt: this.beginAt, resultAt: this.beginAt, durationMs: 0 };
    return { status, ...(span === undefined ? nothing : this.timesOf(span)), ...(failure && { failure }) };
  }
}
