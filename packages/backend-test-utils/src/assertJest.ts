// Says what to do where there is no global `jest`, of which mocks are made.

/** Throws where mocks can't be made. */
export function assertJest(): void {
  if (typeof jest !== 'undefined') return;
  throw new Error(
    "Mocks are made by the global 'jest', which is missing. In a setup file of the tests set globalThis.jest: to 'jest' of @jest/globals where tests are ES modules, in vitest to its 'vi'. With other test runners take implementations that are no mocks, such as mockServices.cache().",
  );
}
