// Creates features without any package, as plain objects in the older form of the contract, with extension points as pairs.

const feature = fields => ({ $$type: '@backstage/BackendFeature', version: 'v1', ...fields });

/** Only what random backends use. Service references are identified by their id, whoever created them. */
export const olderContracts = {
  createServiceRef: ({ defaultFactory, ...ref }) => ({
    $$type: '@backstage/ServiceRef',
    multiton: false,
    ...ref,
    ...(defaultFactory && { __defaultFactory: defaultFactory }),
  }),
  createExtensionPoint: ({ id }) => ({ $$type: '@backstage/ExtensionPoint', id }),
  createServiceFactory: factory => feature({ featureType: 'service', ...factory }),
  createBackendFeatureLoader: ({ deps, loader }) =>
    feature({
      featureType: 'loader',
      description: 'a loader of the older form',
      deps,
      async loader(known) {
        const loaded = [];
        for await (const one of await loader(known)) loaded.push('default' in one ? one.default : one);
        return loaded;
      },
    }),
  createBackendPlugin: plugin => registrations('plugin', plugin),
  createBackendModule: module => registrations('module', module),
};

function registrations(type, { register, ...ids }) {
  return feature({
    featureType: 'registrations',
    getRegistrations() {
      const extensionPoints = [];
      let init;
      register({
        registerExtensionPoint: (point, implementation) => extensionPoints.push([point, implementation]),
        registerInit: ({ deps, init: func }) => (init = { deps, func }),
      });
      return [{ type, ...ids, extensionPoints, init }];
    },
  });
}
