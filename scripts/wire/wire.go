// Package wire is a ZeroMQ library left out: a paced client and an echo server
// on plain sockets, which speak just enough of ZMTP 3.0 (mechanism NULL, bodies
// of 64 bytes) to load any ZeroMQ service and to be loaded by any client. What
// the client sees is what the service takes, as nearly as one thread that paces
// with care can tell.
//
// Both are there twice: in Go, as a role of the program that calls Play, and
// in C, as a program that Build makes. Their command lines are the same.
package wire

import (
	"errors"
	"fmt"
	"io"
)

var (
	// ErrUsage means that a role cannot be played as it was asked for.
	ErrUsage = errors.New("usage of wire")
	// ErrPeer means that the other side said something that it should not.
	ErrPeer = errors.New("unexpected bytes")
)

const (
	// BodySize is the number of bytes of every message's body.
	BodySize = 64
	// Roles of both programs.
	roleLoad = "load"
	roleEcho = "echo"
)

// Play is one role, until it is done. A service never is: it goes on until its
// process is killed, or for half an hour.
func Play(args []string, stdout io.Writer) error {
	if len(args) > 0 {
		switch args[0] {
		case roleLoad:
			l, err := parseLoad(args[1:])
			if err != nil {
				return err
			}
			f, err := l.run()
			if err != nil {
				return err
			}
			return f.write(stdout)
		case roleEcho:
			e, err := parseEcho(args[1:])
			if err != nil {
				return err
			}
			return e.run(stdout)
		}
	}
	return fmt.Errorf("%w: load or echo, then name=value …", ErrUsage)
}
