// The probe that cases add to their backends.
import { createProbe } from './createProbe.mjs';

export default createProbe('probe');
