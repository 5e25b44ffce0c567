// Mock services, each in the forms it has.
import { coreServices, createServiceRef } from '@greenroom/backend-plugin-api';
import { AuthorizeResult, createPermission } from '@backstage/plugin-permission-common';
import express from 'express';
import request from 'supertest';
import { createServiceMock } from '../createServiceMock';
import { mockCredentials } from '../credentials/mockCredentials';
import { mockErrorHandler } from '../mockErrorHandler';
import { mockServices } from './mockServices';

const permission = createPermission({ name: 'thing.read', attributes: { action: 'read' } });

describe('mocks', () => {
  it('have every method as a jest mock, and count the calls of given implementations', async () => {
    const cache = mockServices.cache.mock({ get: async () => 'found' as never });

    expect(await cache.get('key')).toBe('found');
    expect(await cache.set('key', 1)).toBeUndefined();
    expect(cache.get).toHaveBeenCalledWith('key');
    expect(cache.set).toHaveBeenCalledTimes(1);
    expect(cache.factory.service.id).toBe('core.cache');
  });

  it('keep a jest mock that was given, with its behaviour', () => {
    const greeterRef = createServiceRef<{ greet(name: string): string }>({ id: 'greeter' });
    const greeterMock = createServiceMock(greeterRef, () => ({ greet: jest.fn() }));
    const greet = jest.fn().mockReturnValueOnce('once');

    const greeter = greeterMock({ greet });

    expect(greeter.greet).toBe(greet);
    expect(greeter.greet('Ada')).toBe('once');
  });

  it('are of different instances', () => {
    const first = mockServices.lifecycle.mock();
    first.addShutdownHook(() => {});
    expect(mockServices.lifecycle.mock().addShutdownHook).not.toHaveBeenCalled();
  });

  it.each([
    ['logger', mockServices.logger.mock()],
    ['root logger', mockServices.rootLogger.mock()],
  ])('of a %s have children that log', (_name, logger) => {
    logger.child({ step: 1 }).info('done');
    expect(logger.info).toHaveBeenCalledWith('done');
  });

  it('of an auditor hand out events', async () => {
    const auditor = mockServices.auditor.mock();
    const event = await auditor.createEvent({ eventId: 'thing-read' });
    await event.success();
    expect(event.success).toHaveBeenCalledTimes(1);
  });

  it('exist for every core service that can be replaced', () => {
    const replaceable = Object.keys(coreServices).filter(name => name !== 'pluginMetadata');
    expect(Object.keys(mockServices).sort()).toEqual([...replaceable, 'events'].sort());
  });
});

describe('configuration', () => {
  it('is an empty one where nothing is given', () => {
    expect(mockServices.rootConfig().get()).toEqual({});
  });

  it('changes, and so do the sections taken from it', () => {
    const config = mockServices.rootConfig({ data: { a: { b: 1 } } });
    const section = config.getConfig('a');
    const heard = jest.fn();
    const { unsubscribe } = config.subscribe(heard);

    config.update({ data: { a: { b: 2 } } });
    unsubscribe();
    config.update({ data: { a: { b: 3 } } });

    expect(section.getNumber('b')).toBe(3);
    expect(heard).toHaveBeenCalledTimes(1);
  });

  it('tells every subscriber of an update, even if one fails or subscribes anew', () => {
    const config = mockServices.rootConfig();
    const seen: string[] = [];
    const subscribeAnew = () => {
      const { unsubscribe } = config.subscribe(() => {
        seen.push('anew');
        unsubscribe();
        subscribeAnew();
      });
    };
    config.subscribe(() => {
      throw new Error('cannot cope');
    });
    subscribeAnew();
    expect(() => config.update({ data: {} })).toThrow('cannot cope');
    expect(seen).toEqual(['anew']);
    config.subscribe(() => {
      throw new Error('neither');
    });
    expect(() => config.update({ data: {} })).toThrow(
      expect.objectContaining({ errors: [new Error('cannot cope'), new Error('neither')] }),
    );
  });
});

describe('auth', () => {
  const auth = mockServices.auth({ pluginId: 'catalog' });

  it('is that of the plugin test where the ID is left undefined', async () => {
    const unnamed = mockServices.auth({ pluginId: undefined });
    expect(await unnamed.getOwnServiceCredentials()).toEqual(mockCredentials.service('plugin:test'));
  });

  it.each([
    ['a user', mockCredentials.user.token('user:default/ada'), mockCredentials.user('user:default/ada')],
    [
      'a user with an actor',
      mockCredentials.user.token('user:default/ada', { actor: { subject: 'plugin:x' } }),
      mockCredentials.user('user:default/ada', { actor: { subject: 'plugin:x' } }),
    ],
    ['a service', mockCredentials.service.token(), mockCredentials.service()],
    [
      'a service for a user',
      mockCredentials.service.token({
        onBehalfOf: mockCredentials.user('user:default/ada'),
        targetPluginId: 'catalog',
      }),
      mockCredentials.user('user:default/ada'),
    ],
    [
      'a service for itself',
      mockCredentials.service.token({
        onBehalfOf: mockCredentials.service('plugin:search'),
        targetPluginId: 'catalog',
      }),
      mockCredentials.service('plugin:search'),
    ],
  ])('knows the token of %s', async (_name, token, credentials) => {
    expect(await auth.authenticate(token)).toEqual(credentials);
  });

  it.each([
    ['an invalid user', mockCredentials.user.invalidToken()],
    ['an invalid service', mockCredentials.service.invalidToken()],
    ['an invalid limited user', mockCredentials.limitedUser.invalidToken()],
    [
      'a service that calls another plugin',
      mockCredentials.service.token({ onBehalfOf: mockCredentials.user(), targetPluginId: 'search' }),
    ],
    ['nothing of ours', 'anything'],
    ['a broken payload', 'mock-user-token.bm8'],
  ])('refuses the token of %s', async (_name, token) => {
    await expect(auth.authenticate(token)).rejects.toMatchObject({ name: 'AuthenticationError' });
  });

  it('takes limited users only where they are allowed', async () => {
    const token = mockCredentials.limitedUser.token('user:default/ada');
    await expect(auth.authenticate(token)).rejects.toMatchObject({ name: 'NotAllowedError' });
    const credentials = await auth.authenticate(token, { allowLimitedAccess: true });
    expect(credentials).toEqual(mockCredentials.user('user:default/ada'));
  });

  it('acts for nobody only where the default policy is disabled', async () => {
    const call = { onBehalfOf: mockCredentials.none(), targetPluginId: 'search' };
    await expect(auth.getPluginRequestToken(call)).rejects.toMatchObject({ name: 'AuthenticationError' });
    const open = mockServices.auth({ disableDefaultAuthPolicy: true });
    expect(await open.getPluginRequestToken(call)).toEqual({ token: '' });
  });

  it('says who a plugin is', async () => {
    const own = await auth.getOwnServiceCredentials();
    expect(own.principal).toEqual({ type: 'service', subject: 'plugin:catalog' });
    expect(auth.isPrincipal(own, 'service')).toBe(true);
    expect(auth.isPrincipal(own, 'user')).toBe(false);
  });

  it('refuses references that are not whole', () => {
    expect(() => mockCredentials.user('ada')).toThrow(
      "write <kind>:<namespace>/<name>, such as 'user:default/ada'",
    );
  });
});

describe('other services', () => {
  it('answers what it was told to for permissions', async () => {
    const credentials = mockCredentials.user();
    const ask = (service = mockServices.permissions()) =>
      service.authorize([{ permission }], { credentials });

    expect(await ask()).toEqual([{ result: AuthorizeResult.ALLOW }]);
    expect(await ask(mockServices.permissions({ result: AuthorizeResult.DENY }))).toEqual([
      { result: AuthorizeResult.DENY },
    ]);
  });

  it('knows users by their credentials', async () => {
    const userInfo = mockServices.userInfo({ ownershipEntityRefs: ['group:default/a'] });
    expect(await userInfo.getUserInfo(mockCredentials.user('user:default/ada'))).toEqual({
      userEntityRef: 'user:default/ada',
      ownershipEntityRefs: ['group:default/a'],
    });
    await expect(userInfo.getUserInfo(mockCredentials.service())).rejects.toMatchObject({
      name: 'InputError',
    });
  });

  it('delivers events', async () => {
    const events = mockServices.events();
    const onEvent = jest.fn(async () => {});
    await events.subscribe({ id: 'test', topics: ['things'], onEvent });
    await events.publish({ topic: 'things', eventPayload: { id: 1 } });
    expect(onEvent).toHaveBeenCalledWith({ topic: 'things', eventPayload: { id: 1 } });
  });

  it('runs tasks when they are triggered, and aborts them', async () => {
    const scheduler = mockServices.scheduler();
    let aborted = false;
    await scheduler.scheduleTask({
      id: 'long',
      frequency: { trigger: 'manual' },
      timeout: { hours: 1 },
      fn: signal =>
        new Promise(resolve => {
          signal.addEventListener('abort', () => {
            aborted = true;
            resolve();
          });
        }),
    });

    const running = scheduler.triggerTask('long');
    await expect(scheduler.triggerTask('long')).rejects.toMatchObject({ name: 'ConflictError' });
    await scheduler.cancelTask('long');
    await running;

    expect(aborted).toBe(true);
    await expect(scheduler.cancelTask('long')).rejects.toMatchObject({ name: 'ConflictError' });
    await expect(scheduler.triggerTask('other')).rejects.toMatchObject({ name: 'NotFoundError' });
  });

  it('ends a schedule by its own signal alone, and schedules nothing by one that was aborted', async () => {
    const scheduler = mockServices.scheduler();
    const [first, second] = [new AbortController(), new AbortController()];
    const fn = jest.fn();
    const task = { id: 'one', frequency: { hours: 1 }, timeout: { hours: 1 }, fn };
    await scheduler.scheduleTask({ ...task, signal: first.signal });
    first.abort();
    await expect(scheduler.triggerTask('one')).rejects.toMatchObject({ name: 'NotFoundError' });
    await scheduler.scheduleTask({ ...task, signal: first.signal });
    expect(await scheduler.getScheduledTasks()).toEqual([]);

    await scheduler.scheduleTask({ ...task, signal: second.signal });
    await scheduler.scheduleTask(task);
    second.abort();
    await scheduler.triggerTask('one');
    expect(fn).toHaveBeenCalledTimes(1);
  });

  it('answers errors as a backend does', async () => {
    const app = express();
    app.get('/', () => {
      throw Object.assign(new Error('no such thing'), { name: 'NotFoundError' });
    });
    app.use(mockErrorHandler());

    const answer = await request(app).get('/');

    expect(answer.status).toBe(404);
    expect(answer.body.error).toMatchObject({ name: 'NotFoundError', message: 'no such thing' });
  });
});
