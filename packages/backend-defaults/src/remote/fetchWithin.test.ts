// Requests to a server that accepts them and does not answer.
import { WebServer } from '../testing/WebServer';
import { fetchWithin } from './fetchWithin';
import { isOutage } from './outages';
import { DeadlinePassed } from './withDeadline';

let server: WebServer;
beforeEach(async () => {
  server = await WebServer.start();
});
afterEach(() => server.stop());

it.each([
  ['says nothing', ''],
  ['ends in the middle of its answer', '[1,'],
])('takes a server that %s for an outage', async (_name, begin) => {
  server.answers.set('/', (_request, response) => begin && response.write(begin));
  const error = await fetchWithin(50, `${server.url}/`).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(DeadlinePassed);
  expect(error).toMatchObject({ message: 'there was no answer within 50 ms' });
  expect(isOutage(error)).toBe(true);
});

it('gives answers, and other failures as they are', async () => {
  server.answers.set('/', 'here');
  expect(await (await fetchWithin(10_000, `${server.url}/`)).text()).toBe('here');
  await expect(fetchWithin(10_000, 'http://127.0.0.1:1/')).rejects.toMatchObject({
    code: 'GR_REQUEST_UNANSWERED',
  });
});
