// Finds what is wrong with the backend or its configuration without starting it.
import { backend } from './backend';

it('is sound', async () => {
  // Reads app-config.digest.yaml too, as `npm run start:digest` does.
  process.env.BACKSTAGE_ENV = 'digest';
  expect(await backend.check()).toEqual([]);
});
