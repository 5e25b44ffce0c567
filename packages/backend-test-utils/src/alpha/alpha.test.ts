// Mocks of the alpha services behave as their documentation says.
import { actionsRegistryServiceMock, metricsServiceMock, tracingServiceMock } from './index';

describe('actions', () => {
  it('are called as in a backend', async () => {
    const registry = actionsRegistryServiceMock();
    registry.register({
      name: 'greet',
      title: 'Greet',
      description: 'Says hello',
      schema: {
        input: z => z.object({ name: z.string() }),
        output: z => z.object({ greeting: z.string() }),
      },
      action: async ({ input }) => ({ output: { greeting: `Hello, ${input.name}` } }),
    });

    expect(await registry.invoke({ id: 'testing:greet', input: { name: 'Ada' } })).toEqual({
      output: { greeting: 'Hello, Ada' },
    });
    await expect(registry.invoke({ id: 'testing:greet', input: {} })).rejects.toThrow('name: Required');
    expect((await registry.list()).actions.map(({ id }) => id)).toEqual(['testing:greet']);
    expect([...registry.actions.keys()]).toEqual(['testing:greet']);
  });
});

describe('tracing', () => {
  it('keeps spans', async () => {
    const tracing = tracingServiceMock.mock();

    const result = await tracing.startActiveSpan('work', { kind: 'client' }, span => {
      span.setAttribute('size', 3);
      return 'done';
    });

    expect(result).toBe('done');
    expect(tracing.startActiveSpan.mock.calls[0]!.slice(0, 2)).toEqual(['work', { kind: 'client' }]);
    expect(tracing.spans[0]!.setAttribute).toHaveBeenCalledWith('size', 3);
  });

  it('reads baggage, and carries it as far as a call goes', async () => {
    const { context, propagation } = tracingServiceMock.mock();
    const extracted = propagation.extract(context.active(), { baggage: 'user=ada%20l;secret=1,team=a' });
    const entries = [
      ['user', { value: 'ada l' }],
      ['team', { value: 'a' }],
    ];

    expect(propagation.getBaggage(extracted)?.getAllEntries()).toEqual(entries);
    const within = await context.with(extracted, async () => {
      await Promise.resolve();
      return propagation.getActiveBaggage()?.getAllEntries();
    });
    expect(within).toEqual(entries);
    expect(propagation.getActiveBaggage()).toBeUndefined();
    expect(propagation.extract(context.active(), {})).toBe(context.active());
  });
});

// Each is read so by W3CBaggagePropagator of @opentelemetry/core 2.
it.each([
  ['key=a=b', [['key', 'a=b']]],
  ['my%20key=1', [['my key', '1']]],
  ['a=%E0%A4%A,b=1', [['b', '1']]],
  ['a=1,a=2', [['a', '2']]],
  ['a=,=b,c', undefined],
])('reads the baggage %j like OpenTelemetry', (baggage, expected) => {
  const { context, propagation } = tracingServiceMock.mock();
  const entries = propagation.getBaggage(propagation.extract(context.active(), { baggage }))?.getAllEntries();
  expect(entries?.map(([key, { value }]) => [key, value])).toEqual(expected);
});

it('has a mock for metrics', () => {
  const metrics = metricsServiceMock.mock();
  metrics.createCounter('things');
  expect(metrics.createCounter).toHaveBeenCalledWith('things');
});
