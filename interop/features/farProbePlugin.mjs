// The probe of the other process, where a case has two.
import { createProbe } from './createProbe.mjs';

export default createProbe('far-probe');
