// The notes plugin, over real HTTP and a database in memory.
import { mockCredentials, startTestBackend } from '@greenroom/backend-test-utils';
import request from 'supertest';
import { notesPlugin } from './notesPlugin';

it('keeps what users write', async () => {
  const { server } = await startTestBackend({ features: [notesPlugin] });

  await request(server).put('/api/notes/groceries').type('text').send('Bread and tea').expect(204);

  const { body } = await request(server).get('/api/notes').expect(200);
  expect(body).toEqual([{ title: 'groceries', text: 'Bread and tea' }]);
});

it('lets nobody write without credentials', async () => {
  const { server } = await startTestBackend({ features: [notesPlugin] });

  const answer = await request(server)
    .put('/api/notes/groceries')
    .set('authorization', mockCredentials.none.header())
    .type('text')
    .send('Bread and tea');

  expect(answer.status).toBe(401);
});
