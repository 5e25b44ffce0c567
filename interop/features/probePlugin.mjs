// The probe that cases add.
import { createProbe } from './createProbe.mjs';

export default createProbe('probe');
