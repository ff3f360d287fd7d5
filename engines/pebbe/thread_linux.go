//go:build libzmq

package pebbe

import "golang.org/x/sys/unix"

// thread is the system's name of the thread that calls.
func thread() int { return unix.Gettid() }
