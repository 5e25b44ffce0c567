// Creates random entities for a catalog: most are odd but valid, a few are refused.
import { randomChoices } from '../lib/randomChoices.mjs';

/** The fields that refer to other entities; a star means several. All but the first are optional. */
const kinds = {
  Component: 'owner=Group system=System subcomponentOf=Component providesApis=API* dependsOn=Resource*',
  API: 'owner=User system=System',
  System: 'owner=Group domain=Domain',
  Domain: 'owner=Group subdomainOf=Domain',
  Resource: 'owner=Group system=System dependencyOf=Component*',
  Group: 'children=Group* parent=Group members=User*',
  User: 'memberOf=Group*',
  Template: 'owner=Group',
  Location: '',
};
/** The kinds that a catalog has to allow. It does not know the last one. */
export const kindNames = [...Object.keys(kinds), 'Thing'];

const names = ['a', 'B', 'lamp', 'Lamp-2', 'buoy.main', 'Pier_3', 'x1', 'Zebra', 'keel', '10', 'true'];
const wrongNames = ['with space', 'n'.repeat(64), 'ü'];
const namespaces = [undefined, undefined, 'default', 'harbour', 'sea'];
const words = [
  'Light',
  'light',
  'naïve ß İ',
  '日本',
  'a,b',
  'a=b',
  ' spaced ',
  '100%',
  '9',
  'null',
  '_',
  "it's",
];
// Close to the maximum length of searchable values.
const long = ['x'.repeat(199), 'y'.repeat(200), 'z'.repeat(201), 'é'.repeat(190), `W${'w'.repeat(900)}`];
const texts = [...words, ...long];
const plain = ['', 0, -1.5, 1e21, 10, true, false, null, ...texts];
const keys = ['type', 'Key', 'with space', 'a.b', 'backstage.io/x', 'ß', 'k'.repeat(60)];

/** Returns the same `count` entities for the same seed, all with different references. */
export function randomEntities(seed, count) {
  const { below, chance, pick } = randomChoices(seed);
  const list = make => Array.from({ length: below(4) }, make);
  const maybe = fields => Object.fromEntries(Object.entries(fields).filter(() => chance(0.5)));
  const map = (from, make) => Object.fromEntries(list(() => [pick(from), make()]));

  function value(depth = 0) {
    const shape = depth > 2 ? 0 : below(6);
    if (shape === 5) return list(() => value(depth + 1));
    return shape === 4 ? map(keys, () => value(depth + 1)) : pick(plain);
  }
  function refer(kind) {
    const [namespace, name] = [pick(namespaces), pick([...names, 'nobody'])];
    return `${pick([kind, kind.toLowerCase()])}:${namespace ? `${namespace}/` : ''}${name}`;
  }
  function references(kind) {
    const fields = kinds[kind].split(' ').filter((field, index) => field && (index === 0 || chance(0.5)));
    return fields.map(field => {
      const [name, target] = field.split('=');
      // The published catalog sorts lists of references; ours keeps their order.
      return [name, target.endsWith('*') ? list(() => refer(target.slice(0, -1))).sort() : refer(target)];
    });
  }

  const byRef = new Map();
  while (byRef.size < count) {
    const proper = pick(Object.keys(kinds));
    const kind = chance(0.03) ? pick([proper.toLowerCase(), 'Thing']) : proper;
    const metadata = {
      name: pick(chance(0.03) ? wrongNames : names),
      ...maybe({
        title: pick(words),
        description: pick(texts),
        tags: list(() => pick(['java', 'c++', 'go', 'x:y', 'c#'])),
        labels: map(['tier', 'example.com/Size'], () => pick(['1', 'Big'])),
        annotations: map(['note', 'backstage.io/x', 'example.com/Note'], () => pick(texts)),
        links: list(() => ({ url: 'https://example.com/a', ...maybe({ title: 'Home' }) })),
        odd: value(),
      }),
    };
    const namespace = pick(namespaces);
    if (namespace) metadata.namespace = namespace;
    const spec = {
      type: proper === 'Location' ? 'url' : pick(['service', 'Website']),
      lifecycle: 'production',
      definition: pick(long),
      steps: [],
    };
    Object.assign(spec, Object.fromEntries(references(proper)), maybe({ odd: value(), extra: value() }));
    byRef.set(`${kind}:${namespace ?? 'default'}/${metadata.name}`.toLowerCase(), {
      apiVersion: proper === 'Template' ? 'scaffolder.backstage.io/v1beta3' : 'backstage.io/v1alpha1',
      kind,
      metadata,
      spec,
    });
  }
  return [...byRef.values()];
}
