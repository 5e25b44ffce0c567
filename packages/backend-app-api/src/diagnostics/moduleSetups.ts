// Wrong set-ups: modules and extension points that don't fit together.
import { createExtensionPoint } from '@greenroom/backend-plugin-api';
import { plugin, pluginModule } from '../scenarios/backendFixture';
import type { WrongSetup } from './WrongSetup';

const pointOf = (id: string) => createExtensionPoint<object>({ id });

export const moduleSetups: WrongSetup[] = [
  {
    title: 'modules in a circle',
    add: backend => {
      const [one, two] = [pointOf('test.one'), pointOf('test.two')];
      backend.add(plugin('catalog'));
      backend.add(pluginModule('catalog', 'first', { offers: [[one, {}]], deps: { two } }));
      backend.add(pluginModule('catalog', 'second', { offers: [[two, {}]], deps: { one } }));
    },
    told: [
      [
        'GR_MODULE_CYCLE',
        "Modules of plugin 'catalog' wait for each other in a circle: 'first' (added at <here>) waits through 'test.one' -> 'second' (added at <here>) waits through 'test.two' -> 'first'. Break the circle: let one of them stop consuming the other one's extension point.",
      ],
    ],
  },
  {
    title: 'an extension point that nobody registers',
    add: backend => {
      backend.add(plugin('catalog', { offers: [[pointOf('catalog.processing'), {}]] }));
      backend.add(pluginModule('catalog', 'github', { deps: { point: pointOf('catalog.procesing') } }));
    },
    told: [
      [
        'GR_EXTENSION_POINT_MISSING',
        "Module 'github' of plugin 'catalog' needs extension point 'catalog.procesing', which neither plugin 'catalog' nor any of its modules registers (added at <here>). Did you mean 'catalog.processing'? Check the versions of both packages, or add the module that registers it.",
      ],
    ],
  },
  {
    title: 'an extension point of another plugin',
    add: backend => {
      backend.add(plugin('catalog', { offers: [[pointOf('catalog.processing'), {}]] }));
      backend.add(plugin('search'));
      backend.add(pluginModule('search', 'catalog', { deps: { point: pointOf('catalog.processing') } }));
    },
    told: [
      [
        'GR_EXTENSION_POINT_FOREIGN',
        "Module 'catalog' of plugin 'search' needs extension point 'catalog.processing', which is registered by plugin 'catalog' (added at <here>). Only modules of plugin 'catalog' can use it: change the module's pluginId.",
      ],
    ],
  },
  {
    title: 'an extension point that two register',
    add: backend => {
      backend.add(plugin('catalog', { offers: [[pointOf('catalog.processing'), {}]] }));
      backend.add(pluginModule('catalog', 'github', { offers: [[pointOf('catalog.processing'), {}]] }));
    },
    told: [
      [
        'GR_EXTENSION_POINT_DUPLICATE',
        "Extension point 'catalog.processing' is registered twice: by plugin 'catalog' (added at <here>) and by module 'github' of plugin 'catalog' (added at <here>). Remove one registration, or give one another id.",
      ],
    ],
  },
  {
    title: 'a plugin that depends on its own extension point',
    add: backend => {
      const point = pointOf('catalog.processing');
      backend.add(plugin('catalog', { offers: [[point, {}]], deps: { point } }));
    },
    told: [
      [
        'GR_PLUGIN_NEEDS_EXTENSION_POINT',
        "The init of plugin 'catalog' depends on extension point 'catalog.processing' (added at <here>). Extension points are for modules: if it is its own, keep the implementation in a variable of register and use that; if it is that of another plugin, write a module of that plugin.",
      ],
    ],
  },
];
