//go:build libzmq && !linux

package pebbe

// thread is 0, the name of no thread: there are no hosts on this system.
func thread() int { return 0 }
