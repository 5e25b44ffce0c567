// Reports what the slow steps of a start wait for, while they do.
import type { SpanId } from '../report/SpanRecorder';
import type { Part } from './Part';
import { theBackend } from './planBackend';
import type { BootContext } from './StartContext';

/** Milliseconds after which a step is mentioned; after that, each time its duration has doubled. */
const FIRST_MENTION = 5_000;

type Step = Pick<Part, 'subject' | 'span'>;

/** Checks once a second, until the returned function is called. */
export function watchSteps(context: BootContext, openSteps = stepsOf): () => void {
  const next = new Map<SpanId, number>();
  const timer = setInterval(() => {
    const { report, announcer } = context;
    for (const { subject, span } of openSteps(context)) {
      const elapsedMs = report.timesOf(span!).durationMs;
      const due = next.get(span!) ?? FIRST_MENTION;
      if (elapsedMs < due) continue;
      next.set(span!, Math.max(due * 2, elapsedMs));
      const detail = `waits for ${report.openWithin(span!).join(' -> ')}`;
      announcer.progress({ kind: 'waiting', subject, detail, elapsedMs });
    }
  }, 1_000);
  timer.unref();
  return () => clearInterval(timer);
}

/** Plugins that have begun, if any, otherwise the backend's own steps. */
function stepsOf({ plan, report }: BootContext): readonly Step[] {
  const open = plan?.plugins.filter(({ span, over }) => span !== undefined && !over) ?? [];
  return open.length > 0 ? open : [{ ...theBackend, span: report.whole }];
}
