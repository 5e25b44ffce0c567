// The package of the digest plugin.
export { digestPlugin as default } from './digestPlugin';
