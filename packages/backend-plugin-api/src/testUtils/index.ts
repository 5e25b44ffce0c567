// What tests of plugins may change about this package.
export {
  overridePackagePathResolution,
  type OverridePackagePathResolutionOptions,
  type PackagePathResolutionOverride,
} from './overridePackagePathResolution';
