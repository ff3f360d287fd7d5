package results

// Signals is what a verdict needs to know beside the Run.
type Signals struct {
	Failure      error  // nil: it ran to its end
	Interrupted  bool   // stopped by hand before its end
	BacklogGrows bool   // Outcome.BacklogGrows
	Promise      bool   // the pattern promises delivery: any loss counts
	Unordered    bool   // the pattern does not promise order within a flow and path
	Drift        string // Outcome.Drift
	Senders      int    // sending goroutines; 0 means 1

	SentMeasured, OfferedMeasured uint64 // of Outcome
}

// Judge sets Verdict, Reasons and Warnings of r.
func Judge(r *Run, s Signals) {}
