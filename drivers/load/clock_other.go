//go:build !linux

package load

// sharedNow has only the wall clock, which may jump: it is read once.
func sharedNow() (ns int64, ok bool) { return wallNow(), false }
