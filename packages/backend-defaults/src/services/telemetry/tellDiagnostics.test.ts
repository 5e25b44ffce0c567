// Tests of how the problems of OpenTelemetry are logged.
import type { LoggerService } from '@greenroom/backend-plugin-api';
import { diag } from '@opentelemetry/api';
import { tellDiagnostics } from './tellDiagnostics';

describe('tellDiagnostics', () => {
  const warn = jest.fn();
  let stop: () => void;

  beforeEach(() => {
    jest.useFakeTimers();
    warn.mockClear();
    stop = tellDiagnostics({ warn } as unknown as LoggerService);
  });
  afterEach(() => {
    stop();
    jest.useRealTimers();
  });
  const told = () => warn.mock.calls.map(([message]) => message);

  it('tells each kind of problem once a minute', () => {
    for (let attempt = 1; attempt <= 3; attempt++) {
      diag.error(`Attempt ${attempt} failed`);
      diag.warn('Something else');
    }
    expect(told()).toEqual(['OpenTelemetry: Attempt 1 failed', 'OpenTelemetry: Something else']);
    jest.advanceTimersByTime(60_000);
    diag.error('Attempt 4 failed');
    expect(told().at(-1)).toBe('OpenTelemetry: Attempt 4 failed');
  });

  it('keeps and tells only some kinds a minute, since problems may name what never comes again', () => {
    const letters = 'abcdefghijklmnopqrstuvwxyz';
    for (const a of letters) for (const b of letters) diag.error(`The span ${a}${b} is lost`);
    expect(told()).toHaveLength(50);
    jest.advanceTimersByTime(60_000);
    diag.error('The span zz is lost');
    expect(told().at(-1)).toBe('OpenTelemetry: The span zz is lost');
  });
});
