// The steps of a start by which a profile is summed up: which source files belong to which.

/** The first one that fits counts. */
const steps = [
  ['the features: register, factories, inits', /benchmarks\/(fixtures|scenarios)|backend-plugin-api\//],
  ['the bare loop itself', /bareLoop/],
  ['collecting features, calling register', /boot\/(collectFeatures|openFeature|readRegistrations)/],
  [
    'planning: links, graph, faults',
    /boot\/(prepare|plan|order|ExtensionPoints)|services\/[a-z]|Service(Node|Faults)|graph\//,
  ],
  ['making services', /services\//],
  ['the record of spans, reading the clock', /report\/|StartupReport|internal\/(perf|errors)/],
  ['starting plugins and modules', /backend-app-api\//],
];

const other = 'Node and V8';

/** The step a frame belongs to; undefined for one that belongs to whatever calls it, or to nothing. */
export function stepOf(functionName, source) {
  if (functionName === '(garbage collector)') return 'collecting garbage';
  if (functionName === '(program)') return other;
  if (functionName.startsWith('(') || source === undefined) return undefined;
  return steps.find(([, files]) => files.test(source))?.[0] ?? other;
}
