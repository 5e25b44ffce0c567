// Tests of which failures count as having the same reason.
import { GreenroomError } from './errors';
import { reasonKey } from './reasonKey';

const refused = (message = 'connect ECONNREFUSED 127.0.0.1:5432') => new Error(message);
const failed = (pluginId: string, cause: unknown, hint = 'Start the server.', code = 'GR_INIT_FAILED') =>
  Object.assign(new GreenroomError({ code, message: `Plugin '${pluginId}' has no database`, hint, cause }), {
    fields: { subject: `module 'm' of plugin '${pluginId}'` },
  });
const waiting = (target: string) =>
  new GreenroomError({
    code: 'GR_SRV',
    message: `Plugin '${target}' has no host at _http._tcp.${target}.corp`,
  });
const unusable = (pluginId: string) =>
  failed(
    pluginId,
    new GreenroomError({
      code: 'GR_DATABASE_CONNECT',
      message: `The database of plugin '${pluginId}' can't be used: no role can open db_${pluginId} at any time`,
    }),
  );
const unread = (task: string) =>
  new GreenroomError({ code: 'GR_TASK', message: `Task '${task}' can't be read`, cause: refused('61 > 59') });
const reading = (url: string) => new Error(`Can't read ${url}`, { cause: new Error('timed out') });
class InUse extends GreenroomError {
  constructor() {
    super({ code: 'GR_PORT_IN_USE', message: 'The port is in use', hint: 'Choose another one.' });
  }
}
const aborted = (id: string) => new GreenroomError({ code: 'GR_START_ABORTED', message: id });
const circular = () => {
  const error = refused();
  error.cause = error;
  return error;
};

it.each([
  ['the same refusal', failed('a', refused()), failed('b', refused())],
  [
    'it behind errors that name the plugin',
    failed('a', failed('a', refused())),
    failed('b', failed('b', refused())),
  ],
  ['databases named after their plugins', unusable('a'), unusable('b')],
  ['an error of ours alone', failed('a', new InUse()), failed('b', new InUse())],
  [
    'a list of refusals',
    failed('a', new AggregateError([refused()])),
    failed('b', new AggregateError([refused()])),
  ],
  ['the same stop', aborted('a'), aborted('b')],
  ['the same words', new Error('no luck'), new Error('no luck')],
  ['a circle of causes', failed('a', circular()), failed('b', circular())],
])('is the same for %s', (_, one, other) => {
  expect(reasonKey(one)).toBe(reasonKey(other));
});

const strange = new Error('strange');
Object.defineProperty(strange, 'message', {
  get() {
    throw new Error('not to be read');
  },
});

it.each([
  ['another refusal', failed('a', refused()), failed('b', refused('connect ECONNREFUSED 127.0.0.1:6379'))],
  ['another error with the same cause', failed('a', reading('a')), failed('b', reading('b'))],
  ['what two others are to do', failed('a', waiting('catalog')), failed('b', waiting('search'))],
  ['another error of ours with the same cause', failed('a', unread('one')), failed('b', unread('two'))],
  [
    'another list',
    failed('a', new AggregateError([refused()])),
    failed('b', new AggregateError([refused('x')])),
  ],
  ['other advice', failed('a', refused()), failed('b', refused(), 'It was thrown at src/b.ts:1:2.')],
  ['no cause', failed('a', undefined), failed('b', undefined)],
  [
    'a failure of loaders, which are at fault themselves',
    failed('a', refused(), 'Fix the loader.', 'GR_LOADER_FAILED'),
    failed('b', refused(), 'Fix the loader.', 'GR_LOADER_FAILED'),
  ],
  ['a cause that can not be read', failed('a', strange), failed('b', strange)],
])('is not the same for %s', (_, one, other) => {
  expect(reasonKey(one)).not.toBe(reasonKey(other));
});
