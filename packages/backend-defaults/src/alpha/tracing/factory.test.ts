// Tracing in a backend without an OpenTelemetry SDK.
import { tracingServiceRef, type TracingService } from '@greenroom/backend-plugin-api/alpha';
import { createPlugin } from '@greenroom/testing';
import { startBackend } from '../../testing/startBackend';

it('work runs without spans where nobody traces', async () => {
  let tracing!: TracingService;
  const plugin = createPlugin('plain', {
    deps: { given: tracingServiceRef },
    init: async ({ given }) => void (tracing = given),
  });
  const backend = await startBackend({ features: [plugin] });
  const { context, propagation } = tracing;
  const caller = propagation.extract(context.active(), { traceparent: 'any', baggage: 'a=b' });
  const answer = await context.with(caller, () =>
    tracing.startActiveSpan('work', { attributes: { a: 1 } }, async span => {
      span.setAttribute('b', 2);
      span.setStatus({ code: 'ok' });
      return 'done';
    }),
  );
  expect(answer).toBe('done');
  expect([propagation.getBaggage(caller), propagation.getActiveBaggage()]).toEqual([undefined, undefined]);
  const failure = new Error('not done');
  const fail = () => {
    throw failure;
  };
  await expect(tracing.startActiveSpan('work', fail)).rejects.toBe(failure);
  await expect(context.with(caller, fail)).rejects.toBe(failure);
  await backend.stop();
});
