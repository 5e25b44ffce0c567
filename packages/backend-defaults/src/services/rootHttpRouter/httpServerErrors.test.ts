// Tests of what the errors of the HTTP server advise.
import { ListenFailedError } from './httpServerErrors';

it.each([
  [80, /Ports below 1024 need extra rights: use a port from 1024 on instead of 80/],
  // Windows reserves ranges of ports, which may include any.
  [7007, /This machine reserves port 7007.*: set backend\.listen\.port to another one/],
])('says what to do where port %d is refused', (port, advice) => {
  const cause = Object.assign(new Error('listen EACCES'), { code: 'EACCES' });
  const { message } = new ListenFailedError({ port, host: '', cause });
  expect(message).toMatch(advice);
});
