// The published scaffolder next to the published catalog: runs a template to its end.
import assert from 'node:assert/strict';
import { eventually, guestToken, request } from '../lib/ask.mjs';
import { auth } from './auth.mjs';
import { catalog } from './catalog.mjs';

export const scaffolder = {
  id: 'scaffolder',
  features: [...catalog.features, ...auth.features, '@backstage/plugin-scaffolder-backend'],
  asked:
    'a template of the catalog runs to its end for a user: a skeleton is filled in, files listed, output given',
  config: () => ({ ...catalog.config(), ...auth.config() }),
  async ask(backend) {
    const token = await guestToken(backend);
    const url = `${backend.api('scaffolder')}/v2`;
    await templateArrives(backend, token, 'buoy');
    const { id } = await request(`${url}/tasks`, {
      token,
      body: { templateRef: 'template:default/buoy', values: { colour: 'red' } },
      expect: 201,
    });
    const task = await eventually(
      'the end of the task',
      () => request(`${url}/tasks/${id}`, { token }),
      ({ status }) => ['completed', 'failed'].includes(status),
    );
    const events = await request(`${url}/tasks/${id}/events`, { token });
    assert.equal(task.status, 'completed', JSON.stringify(events.map(event => event.body.message)));
    assert.equal(task.createdBy, 'user:development/guest');
    const { output } = events.find(({ type }) => type === 'completion').body;
    assert.match(output.text[0].content, /red-buoy\.txt/);
    assert.ok(events.some(event => event.body.message.includes('This buoy is red.')));
  },
};

/** Waits until the catalog has the template. */
export async function templateArrives(backend, token, name) {
  const url = `${backend.api('catalog')}/entities/by-name/template/default/${name}`;
  const look = async () => (await fetch(url, { headers: { authorization: `Bearer ${token}` } })).status;
  await eventually(`the template ${name}`, look, status => status === 200);
}
