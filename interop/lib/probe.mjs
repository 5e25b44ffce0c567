// Where the probe plugin lies, which cases add to see what a plugin sees.

/** To be given to `import()`. */
export const probe = new URL('../features/probePlugin.mjs', import.meta.url).href;
