// The catalog plugin.
export { catalogPlugin, catalogPlugin as default } from './catalogPlugin';
