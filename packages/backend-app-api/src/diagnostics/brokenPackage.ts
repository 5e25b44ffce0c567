// Stands for a package that throws when it is imported.
if (!process.env.GREENROOM_NO_SUCH_TOKEN) throw new TypeError('The token is not set.');

export const token = process.env.GREENROOM_NO_SUCH_TOKEN;
