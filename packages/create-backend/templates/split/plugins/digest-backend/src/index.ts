// The entry point of the package: the digest plugin.
export { digestPlugin as default } from './digestPlugin';
