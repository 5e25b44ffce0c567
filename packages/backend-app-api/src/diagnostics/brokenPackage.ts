// Stands for a package whose entry point fails where it is loaded without what it needs.
if (!process.env.GREENROOM_NO_SUCH_TOKEN) throw new TypeError('The token is not set.');

export const token = process.env.GREENROOM_NO_SUCH_TOKEN;
