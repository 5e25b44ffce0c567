// Finds what is wrong with the backend or its configuration without starting it.
import { backend } from './backend';

it('is sound', async () => {
  // Reads app-config.notes.yaml too, as `npm run start:notes` does.
  process.env.BACKSTAGE_ENV = 'notes';
  expect(await backend.check()).toEqual([]);
});
