package results

// Refused is the verdict on a run that was not made, because an engine says
// that it cannot do what the cell asks, where the scenario wants such cells
// shown. It says nothing against what was measured, and has no figures.
const Refused Verdict = "refused"
