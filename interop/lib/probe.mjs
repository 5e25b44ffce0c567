// Where the probe plugins lie, which cases add to see what a plugin sees.
const feature = name => new URL(`../features/${name}.mjs`, import.meta.url).href;

/** To be given to `import()`. */
export const probe = feature('probePlugin');

/** Has the id `far-probe`. */
export const farProbe = feature('farProbePlugin');
