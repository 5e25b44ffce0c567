// Scenario: the wall time of a process that imports the engine and exits, compared with one that does nothing.

export const scenario = {
  id: 'import',
  title: 'importing the engine, whole process',
  makers: ['greenroom', 'published', 'emptyPackage', 'nothing'],
  // A process that only imports is short and noisy, so there are several samples per round.
  samplesPerRound: 5,
  metrics: [{ key: 'wallMs', label: 'process', unit: 'ms' }],

  /** The script for `node -e`. The runner times the process. */
  script: ({ engine }) => (engine ? `require(${JSON.stringify(engine)})` : ''),

  targets: [
    {
      what: 'importing the engine, over bare node',
      unit: 'times',
      atMost: 1.2,
      value: median => median('greenroom', 'wallMs') / median('nothing', 'wallMs'),
      least: {
        what: 'Importing a package with nothing in it, which is what Node takes to find and load one,',
        leaves: 'everything that is in the engine',
        value: median => median('emptyPackage', 'wallMs') / median('nothing', 'wallMs'),
      },
    },
  ],
};
