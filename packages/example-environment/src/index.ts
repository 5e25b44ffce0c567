// What the example backends share.
export { enterFolder } from './enterFolder';
export { environment } from './environment';
