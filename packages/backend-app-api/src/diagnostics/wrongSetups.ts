// All wrong set-ups, as one table.
import { featureSetups } from './featureSetups';
import { initSetups } from './initSetups';
import { moduleSetups } from './moduleSetups';
import { registerSetups } from './registerSetups';
import { serviceSetups } from './serviceSetups';
import { startupSetups } from './startupSetups';

export const wrongSetups = [
  ...featureSetups,
  ...registerSetups,
  ...serviceSetups,
  ...moduleSetups,
  ...initSetups,
  ...startupSetups,
];
