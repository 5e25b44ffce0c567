// Readiness follows the lifecycle, be it ours or another maker's.
import { ConfigReader } from '@backstage/config';
import type { RootLifecycleService } from '@greenroom/backend-plugin-api';
import { readHealthCheckAge, readHealthHeaders, readRequiredContributors } from './config';
import type { HealthContributor } from './HealthChecks';
import { RootHealth } from './RootHealth';
import { trackPhase } from './trackPhase';

it('follows a lifecycle that only takes hooks', async () => {
  const hooks: Record<string, () => void> = {};
  const lifecycle: RootLifecycleService = {
    addStartupHook: hook => void (hooks.startup = hook),
    addBeforeShutdownHook: hook => void (hooks.beforeShutdown = hook),
    addShutdownHook: hook => void (hooks.shutdown = hook),
  };
  const health = new RootHealth(trackPhase(lifecycle));
  expect(await health.getReadiness()).toMatchObject({
    status: 503,
    payload: { message: 'The backend has not started yet' },
  });
  hooks.startup!();
  expect(await health.getReadiness()).toEqual({ status: 200, payload: { status: 'ok' } });
  hooks.beforeShutdown!();
  // A start that was still going on when the shutdown began.
  hooks.startup!();
  expect(await health.getReadiness()).toMatchObject({
    status: 503,
    payload: { message: 'The backend is shutting down' },
  });
  expect(await health.getLiveness()).toEqual({ status: 200, payload: { status: 'ok' } });
});

it('reads for how long a result is used, and what is required', () => {
  const health = (settings: object) => new ConfigReader({ backend: { health: settings as never } });
  expect(readHealthCheckAge(health({}))).toBe(5_000);
  expect(readHealthCheckAge(health({ maxAge: '30s' }))).toBe(30_000);
  expect(readRequiredContributors(health({}))).toEqual([]);
  expect(readRequiredContributors(health({ required: ['database'] }))).toEqual(['database']);
});

it('is not ready without what a pattern or a name requires', async () => {
  const contributors = async (): Promise<HealthContributor[]> => [
    { name: 'database', status: 'failed' },
    { name: 'plugin:catalog', status: 'degraded' },
    { name: 'plugin:catalog:queue', status: 'ok' },
  ];
  const statusFor = async (...required: string[]) =>
    (await new RootHealth(() => 'started', { contributors, required }).getReadiness()).status;
  expect(await statusFor()).toBe(200);
  expect(await statusFor('database')).toBe(503);
  expect(await statusFor('data')).toBe(200);
  expect(await statusFor('data*')).toBe(503);
  expect(await statusFor('plugin:catalog:*')).toBe(200);
  expect(await statusFor('plugin:*')).toBe(503);
});

it('refuses headers that can not be sent', () => {
  const read = (headers: never) => () =>
    readHealthHeaders(new ConfigReader({ backend: { health: { headers } } }));
  expect(read({ 'X-A': 'b' } as never)()).toEqual({ 'X-A': 'b' });
  expect(read({ 'X-A': 'b\r\nX-B: c' } as never)).toThrow('backend.health.headers.X-A');
  expect(read({ 'no name': 'b' } as never)).toThrow('is not a valid header name');
  expect(read({ 'X-A': 1 } as never)).toThrow('must be a string');
  expect(read('X-A: b' as never)).toThrow('must be an object');
});
