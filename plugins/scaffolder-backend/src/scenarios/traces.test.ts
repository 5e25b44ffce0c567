// Traces of tasks, recorded by a real OpenTelemetry SDK.
import { context, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { eventsOf, scaffolderClient } from '../testing/scaffolderClient';
import { template } from '../testing/standInCatalog';
import { startScaffolderBackend } from '../testing/startScaffolderBackend';
import { testDatabases } from '../testing/testDatabases';

const templates = [
  template('works', [{ id: 'say', name: 'Say', action: 'debug:log', input: { message: 'x' } }]),
  template('fails', [{ id: 'no', name: 'No', action: 'test:nothing', input: {} }]),
];

it.each(testDatabases)(
  'each task is a trace of its own, with its template and its result, on %s',
  async (_, make) => {
    const exporter = new InMemorySpanExporter();
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    trace.setGlobalTracerProvider(
      new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }),
    );
    const database = await make();
    const backend = await startScaffolderBackend({ entities: templates, database: database.config });
    const client = scaffolderClient(backend.url);
    const ids: string[] = [];
    try {
      for (const name of ['works', 'fails', 'works']) {
        const { taskId } = await client.scaffold({ templateRef: `template:default/${name}`, values: {} });
        await eventsOf(client, taskId);
        ids.push(taskId);
      }
    } finally {
      await backend.stop();
      await database.remove();
      context.disable();
      trace.disable();
    }
    const spans = exporter.getFinishedSpans().filter(({ name }) => name.startsWith('task template:'));
    const told = (name: string, id: string | undefined, result: string) => ({
      name: `task template:default/${name}`,
      attributes: {
        'scaffolder.task.id': id,
        'scaffolder.template': `template:default/${name}`,
        'scaffolder.task.result': result,
      },
    });
    expect(spans).toMatchObject([
      told('works', ids[0], 'completed'),
      told('fails', ids[1], 'failed'),
      told('works', ids[2], 'completed'),
    ]);
    expect(spans.map(({ status }) => status.code)).toEqual([
      SpanStatusCode.UNSET,
      SpanStatusCode.ERROR,
      SpanStatusCode.UNSET,
    ]);
    expect(spans.every(span => span.parentSpanContext === undefined)).toBe(true);
    expect(new Set(spans.map(span => span.spanContext().traceId)).size).toBe(3);
  },
  60_000,
);
