// The URLs of the probe plugins, which cases add to observe what a plugin sees.
const feature = name => new URL(`../features/${name}.mjs`, import.meta.url).href;

/** For use with `import()`. */
export const probe = feature('probePlugin');

/** Its plugin id is `far-probe`. */
export const farProbe = feature('farProbePlugin');
