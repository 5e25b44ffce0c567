// The probe in the other process, for cases with two processes.
import { createProbe } from './createProbe.mjs';

export default createProbe('far-probe');
