// The steps by which profiles of a start are summarised, with the source files that belong to each.

/** The first match counts. */
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

/** The step that a frame belongs to; undefined if it belongs to that of its caller, or to none. */
export function stepOf(functionName, source) {
  if (functionName === '(garbage collector)') return 'collecting garbage';
  if (functionName === '(program)') return other;
  if (functionName.startsWith('(') || source === undefined) return undefined;
  return steps.find(([, files]) => files.test(source))?.[0] ?? other;
}
