// What is recorded of events, with requests as express makes them.
import type { HttpAuthService } from '@greenroom/backend-plugin-api';
import express, { type Request } from 'express';
import request from 'supertest';
import { MemoryLogger } from '../../testing/MemoryLogger';
import type { AuditorEvent } from './AuditorEvent';
import { readSeverityLogLevels } from './config';
import { ConfigReader } from '@backstage/config';
import { DefaultAuditorService } from './DefaultAuditorService';
import { logAuditEvents } from './logAuditEvents';

const plugin = { getId: () => 'catalog' };

/** The records of an event that a request to `/api/x?y=1` caused. */
async function recordsOf(httpAuth?: Pick<HttpAuthService, 'credentials'>): Promise<AuditorEvent[]> {
  const records: AuditorEvent[] = [];
  const auditor = DefaultAuditorService.create(event => void records.push(event), { plugin, httpAuth });
  const router = express.Router();
  router.get('/x', async (req, res) => {
    await auditor.createEvent({ eventId: 'read', request: req });
    res.end();
  });
  await request(express().use('/api', router)).get('/api/x?y=1').set('user-agent', 'test').expect(200);
  return records;
}

const authOf = (principal: object): Pick<HttpAuthService, 'credentials'> => ({
  credentials: async (_req: Request, options?: object) => {
    expect(options).toEqual({ allow: ['user', 'service', 'none'], allowLimitedAccess: true });
    return { $$type: '@backstage/BackstageCredentials', principal } as never;
  },
});

it('records the request and its actor', async () => {
  const [record] = await recordsOf(authOf({ type: 'user', userEntityRef: 'user:default/jo' }));
  expect(record).toEqual({
    plugin: 'catalog',
    eventId: 'read',
    severityLevel: 'low',
    status: 'initiated',
    actor: {
      actorId: 'user:default/jo',
      ip: expect.stringContaining('127.0.0.1'),
      hostname: '127.0.0.1',
      userAgent: 'test',
    },
    request: { url: '/api/x?y=1', method: 'GET' },
  });
  const [byService] = await recordsOf(authOf({ type: 'service', subject: 'plugin:search' }));
  expect(byService?.actor.actorId).toBe('plugin:search');
});

it('records requests whose actor is unknown, or whose credentials are refused', async () => {
  const refusing = { credentials: () => Promise.reject(new Error('refused')) };
  for (const httpAuth of [undefined, authOf({ type: 'none' }), refusing]) {
    const [record] = await recordsOf(httpAuth);
    expect(record?.actor).toEqual({
      ip: expect.any(String),
      hostname: '127.0.0.1',
      userAgent: 'test',
    });
  }
});

it('records the outcome, with its meta over that of the event', async () => {
  const records: AuditorEvent[] = [];
  const auditor = DefaultAuditorService.create(event => void records.push(event), { plugin });
  const first = await auditor.createEvent({ eventId: 'a', severityLevel: 'high', meta: { x: 1, y: 1 } });
  await first.success({ meta: { y: 2, z: 2 } });
  const error = new Error('broken');
  await (await auditor.createEvent({ eventId: 'b' })).fail({ error });
  const actor = { actorId: 'plugin:catalog' };
  const a = { plugin: 'catalog', eventId: 'a', severityLevel: 'high', actor };
  const b = { plugin: 'catalog', eventId: 'b', severityLevel: 'low', actor };
  expect(records).toEqual([
    { ...a, status: 'initiated', meta: { x: 1, y: 1 } },
    { ...a, status: 'succeeded', meta: { x: 1, y: 2, z: 2 } },
    { ...b, status: 'initiated' },
    { ...b, status: 'failed', error },
  ]);
});

it('lets nothing go on that can not be recorded', async () => {
  const auditor = DefaultAuditorService.create(() => Promise.reject(new Error('disk full')), { plugin });
  await expect(auditor.createEvent({ eventId: 'a' })).rejects.toThrow('disk full');
});

it('logs records at the level of their severity', async () => {
  const logger = new MemoryLogger();
  const levels = { ...readSeverityLogLevels(new ConfigReader({})), critical: 'error' as const };
  const auditor = DefaultAuditorService.create(logAuditEvents(logger, levels), { plugin });
  const error = new Error('broken');
  await auditor.createEvent({ eventId: 'small' });
  await (await auditor.createEvent({ eventId: 'big', severityLevel: 'critical' })).fail({ error });
  expect(logger.entries).toMatchObject([
    { level: 'debug', message: 'catalog.small', meta: { isAuditEvent: true, status: 'initiated' } },
    { level: 'error', message: 'catalog.big', meta: { isAuditEvent: true, status: 'initiated' } },
    { level: 'error', message: 'catalog.big', meta: { isAuditEvent: true, status: 'failed', error } },
  ]);
});
