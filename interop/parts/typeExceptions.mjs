// The public names of the published contracts that ours can't be exchanged for, each with the reason.

const callable = 'Ours returns features that can also be called, as in the older `backend.add(plugin())`';

/** By entry point, then by assertion. One that holds after all is a failure. */
export const typeExceptions = {
  '@backstage/backend-plugin-api': {
    'createServiceFactory (value, theirs for ours)': callable,
    'createBackendFeatureLoader (value, theirs for ours)': callable,
    'createBackendModule (value, theirs for ours)': callable,
    'createBackendPlugin (value, theirs for ours)': callable,
  },
};
