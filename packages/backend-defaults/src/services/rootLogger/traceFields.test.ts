// Tests that entries tell the trace in which they were written.
import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { RootLogger } from './RootLogger';

afterEach(() => {
  context.disable();
  trace.disable();
});

it('entries bear the ids of the span around them, and none without one', async () => {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  const logger = RootLogger.create({ format: 'json', destination }).child({ plugin: 'shop' });
  logger.info('before there is an SDK');
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(new BasicTracerProvider());
  logger.info('outside');
  const { traceId, spanId } = await trace.getTracer('test').startActiveSpan('work', async span => {
    await new Promise(setImmediate);
    logger.info('inside');
    logger.error('failed', new Error('why'));
    return span.spanContext();
  });
  const entries = lines.map(line => JSON.parse(line));
  const ids = { trace_id: traceId, span_id: spanId, trace_flags: '01' };
  for (const entry of entries.slice(0, 2)) expect(entry).not.toHaveProperty('trace_id');
  for (const entry of entries.slice(2)) expect(entry).toMatchObject({ plugin: 'shop', ...ids });
  expect(entries).toHaveLength(4);
});
