// The part of this package that tests of plugins may change.
export {
  overridePackagePathResolution,
  type OverridePackagePathResolutionOptions,
  type PackagePathResolutionOverride,
} from './overridePackagePathResolution';
