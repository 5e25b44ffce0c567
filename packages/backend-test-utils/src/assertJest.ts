// Explains what to do if there is no global `jest`, which mocks are made of.

/** Throws if mocks can't be created. */
export function assertJest(): void {
  if (typeof jest !== 'undefined') return;
  throw new Error(
    "Mocks are made by the global 'jest', which is missing. In a setup file of the tests set globalThis.jest: to 'jest' of @jest/globals where tests are ES modules, in vitest to its 'vi'. With other test runners take implementations that are no mocks, such as mockServices.events().",
  );
}
