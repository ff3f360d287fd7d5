package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"runtime"
	"strconv"

	"zbench/scripts/sidebyside/plain"
)

// plainCommand makes this program one side of a plain loop:
//
//	sidebyside plain receive|send|echo|ping ENDPOINT SIZE COUNT
const plainCommand = "plain"

// plainSide plays with stream sockets alone, by this very program. A paced load
// goes to the plain server.
type plainSide struct {
	program string
	server  string // in C
}

func findPlain(server string) (plainSide, error) {
	program, err := os.Executable()
	return plainSide{program, server}, err
}

func (plainSide) name() string    { return "plain" }
func (plainSide) version() string { return runtime.Version() }

func (plainSide) counted(c cell) bool { return !c.paced() }

func (plainSide) plays(c cell) bool {
	return c.transport != "inproc" && (c.paced() || c.pattern == "push-pull" || c.pattern == "req-rep")
}

func (p plainSide) trial(c cell, endpoint string, a amount) trial {
	side := func(role string) command {
		return command{argv: []string{p.program, plainCommand, role, endpoint, strconv.Itoa(c.size), strconv.FormatUint(a.count, 10)}}
	}
	if c.paced() {
		return pacedTrial(c, endpoint, a, p.server, p.program, wireCommand)
	}
	t := trial{read: fieldReader(c.measures[0].metric)}
	if c.pattern == "req-rep" {
		t.sides, t.measures = []command{side("echo"), side("ping")}, 1
	} else {
		t.sides = []command{side("receive"), side("send")}
	}
	return t
}

// playPlain is one side; the measuring ones print their figures.
func playPlain(ctx context.Context, args []string, stdout io.Writer) error {
	if len(args) != 4 {
		return fmt.Errorf("%w: plain receive|send|echo|ping ENDPOINT SIZE COUNT", errUsage)
	}
	size, err := strconv.Atoi(args[2])
	if err != nil || size < plain.StampSize || size > 64<<20 {
		return fmt.Errorf("%w: plain: size %q; choose %d bytes to 64 MiB", errUsage, args[2], plain.StampSize)
	}
	count, err := strconv.ParseUint(args[3], 10, 64)
	if err != nil || count < 2 {
		return fmt.Errorf("%w: plain: count %q; choose 2 or more", errUsage, args[3])
	}
	open := plain.Dial
	if args[0] == "receive" || args[0] == "echo" {
		open = plain.Accept
	}
	conn, err := open(ctx, args[1])
	if err != nil {
		return err
	}
	defer conn.Close()
	return playOn(conn, args[0], size, count, stdout)
}

func playOn(conn net.Conn, role string, size int, count uint64, stdout io.Writer) error {
	var figures plain.Figures
	var err error
	switch role {
	case "send":
		return plain.Send(conn, size, count)
	case "echo":
		return plain.Echo(conn, size)
	case "receive":
		figures, err = plain.Receive(conn, size, count)
	case "ping":
		figures, err = plain.Ping(conn, size, count)
	default:
		err = fmt.Errorf("%w: plain: no role %q; there are receive, send, echo and ping", errUsage, role)
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(stdout, "messages=%d rate_msgs_per_s=%.3f p50_ns=%d\n", figures.Messages, figures.RateMsgsPerS, figures.P50NS)
	return err
}
