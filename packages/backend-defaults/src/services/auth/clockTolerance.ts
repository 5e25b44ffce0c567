// How far the clocks of those who issue tokens may differ from the clock of this machine.

/** In seconds: how much earlier a token may begin, and how much later it may end, by the clock of this machine. */
export const clockTolerance = 60;
