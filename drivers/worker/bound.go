package worker

// bound is since when what is found can have come: the nearest instant at which
// it is known that it had not. Times are clock readings.
type bound struct {
	canary canary
	looked int64 // what had come by then was found
	since  int64 // what was found last came at this instant or later
}

// noSleepNS is what a call takes, in ns, that finds something at once.
const noSleepNS = 10_000

// look notes a look that begins now: what it finds was not there at the look before.
func (b *bound) look(now int64) { b.since, b.looked = b.looked, now }

// sleep notes one that began at from, was to end at until, and ended at woke with
// n events, the first of which was the canary's or not.
func (b *bound) sleep(from, until, woke int64, n int, canary bool) {
	late := max(b.canary.late(from, woke, canary), woke-until)
	if n > 0 && woke-from < noSleepNS {
		late = woke - b.looked // it was there before
	}
	b.since = max(woke-late, b.looked)
	// Between the kernel's look and this clock reading the thread may have been put
	// aside: all that is known of a sleep that found nothing is that it lasted so long.
	switch {
	case n > 0:
		b.looked = woke
	case woke >= until:
		b.looked = max(b.looked, until)
	default: // a signal
		b.looked = b.since
	}
}
