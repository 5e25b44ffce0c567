// Tests which errors mean that something is unavailable for a while: those marked so, and what they caused.
import { fetchDurably } from '@greenroom/backend-plugin-api';
import { isOutage, isOutOfReach, markOutage } from './outages';

const causedBy = (cause: unknown, times = 1): unknown =>
  times === 0 ? cause : causedBy(new Error('x', { cause }), times - 1);

it('is an outage if it is marked, or was caused by what is', () => {
  const marked = new Error('down');
  expect(isOutage(marked)).toBe(false);
  expect(markOutage(marked)).toBe(marked);
  for (const error of [marked, causedBy(marked), causedBy(marked, 9)]) {
    expect([isOutage(error), isOutOfReach(error)]).toEqual([true, true]);
  }
});

it.each([undefined, null, 'down', 503, {}, new Error('down'), causedBy('down'), causedBy(null)])(
  'is none if it is %p',
  error => {
    expect([isOutage(error), isOutOfReach(error)]).toEqual([false, false]);
  },
);

it('is none if its causes lead back to it', () => {
  const error = new Error('a') as Error & { cause?: unknown };
  error.cause = causedBy(error);
  expect([isOutage(error), isOutOfReach(error)]).toEqual([false, false]);
});

const responseOf = (statusCode: number) =>
  Object.assign(new Error('x'), { name: 'ResponseError', statusCode });
const unanswered = (mayBeDone: boolean) =>
  Object.assign(new Error('x'), { code: 'GR_REQUEST_UNANSWERED', mayBeDone });

it('is out of reach if a request to it was not even sent', async () => {
  // Fetch sends nothing to this port.
  const error = await fetchDurably('http://127.0.0.1:1/').catch((thrown: unknown) => thrown);
  expect(isOutOfReach(error)).toBe(true);
});

it.each<[string, unknown, boolean]>([
  ['was answered with 502', responseOf(502), true],
  ['was answered with 503', responseOf(503), true],
  ['was answered with 504', responseOf(504), true],
  ['was answered with 500', responseOf(500), false],
  ['was answered with 404', responseOf(404), false],
  ['got no answer', unanswered(false), true],
  ['may have been carried out', unanswered(true), false],
  ['failed otherwise, and was not carried out', { code: 'GR_OTHER', mayBeDone: false }, false],
  ['has a status of its own', Object.assign(new Error('x'), { statusCode: 503 }), false],
])('says of a request to another backend that %s whether that is out of reach', (_, error, expected) => {
  expect([isOutOfReach(error), isOutOfReach(causedBy(error))]).toEqual([expected, expected]);
  expect(isOutage(error)).toBe(false);
});
