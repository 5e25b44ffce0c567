// Finds what is wrong with the backend or its configuration without starting it.
import { backend } from './backend';

it('is sound', async () => {
  expect(await backend.check()).toEqual([]);
});
