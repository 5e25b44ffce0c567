// The catalog plugin, as a backend adds it.
export { catalogPlugin, catalogPlugin as default } from './catalogPlugin';
