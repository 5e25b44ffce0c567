// Stands for a package whose entry point fails when it is loaded.
throw new TypeError('The token is not set.');

// eslint-disable-next-line no-unreachable -- makes this file a module, with the shape that a feature's package has
export default undefined as never;
