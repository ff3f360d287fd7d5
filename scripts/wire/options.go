package wire

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Load is what a client shall do. Message i is due at the start + i/rate.
type Load struct {
	Endpoint string // tcp://HOST:PORT
	Kind     string // DEALER, or REQ with its empty delimiter
	Rate     uint64 // messages a second, of all clients together
	Count    uint64 // messages that are measured
	Warmup   uint64 // messages before those
	Clients  int    // connections; message k goes to connection k mod Clients
	Open     bool   // a message does not wait for the reply to the one before it
	FIFO     bool   // run before all other programs (SCHED_FIFO), where permitted
}

// Echo is a service on one thread.
type Echo struct {
	Endpoint string
	Kind     string        // ROUTER or REP
	Delay    time.Duration // for each message; whole µs
	Tail     time.Duration // besides, for one message in Every; whole µs
	Every    uint64
	Spin     bool // it works through its delay, and does not sleep
}

// Args is the command line of a load, behind the program.
func (l Load) Args() []string {
	loop, priority := "lockstep", "usual"
	if l.Open {
		loop = "open"
	}
	if l.FIFO {
		priority = "fifo"
	}
	return []string{roleLoad, "endpoint=" + l.Endpoint, "kind=" + l.Kind, fmt.Sprint("rate=", l.Rate), fmt.Sprint("count=", l.Count),
		fmt.Sprint("warmup=", l.Warmup), fmt.Sprint("clients=", l.Clients), "loop=" + loop, "priority=" + priority}
}

// Args is the command line of a service, behind the program.
func (e Echo) Args() []string {
	how := "sleep"
	if e.Spin {
		how = "spin"
	}
	return []string{roleEcho, "endpoint=" + e.Endpoint, "kind=" + e.Kind, fmt.Sprint("delay_us=", e.Delay.Microseconds()),
		fmt.Sprint("tail_us=", e.Tail.Microseconds()), fmt.Sprint("every=", e.Every), "how=" + how}
}

func parseLoad(args []string) (Load, error) {
	l := Load{Rate: 1000, Count: 1000, Clients: 1}
	clients := uint64(1)
	err := parse(args, map[string]func(string) error{
		"endpoint": text(&l.Endpoint),
		"kind":     oneOf(func(v string) { l.Kind = v }, "DEALER", "REQ"),
		"rate":     number(&l.Rate, 1, 10_000_000),
		"count":    number(&l.Count, 1, 100_000_000),
		"warmup":   number(&l.Warmup, 0, 100_000_000),
		"clients":  number(&clients, 1, 10_000),
		"loop":     oneOf(func(v string) { l.Open = v == "open" }, "lockstep", "open"),
		"priority": oneOf(func(v string) { l.FIFO = v == "fifo" }, "usual", "fifo"),
	})
	l.Clients = int(clients)
	return l, err
}

func parseEcho(args []string) (Echo, error) {
	var e Echo
	var delay, tail uint64
	err := parse(args, map[string]func(string) error{
		"endpoint": text(&e.Endpoint),
		"kind":     oneOf(func(v string) { e.Kind = v }, "ROUTER", "REP"),
		"delay_us": number(&delay, 0, 10_000_000),
		"tail_us":  number(&tail, 0, 10_000_000),
		"every":    number(&e.Every, 0, 1_000_000),
		"how":      oneOf(func(v string) { e.Spin = v == "spin" }, "sleep", "spin"),
	})
	e.Delay, e.Tail = time.Duration(delay)*time.Microsecond, time.Duration(tail)*time.Microsecond
	return e, err
}

// parse gives each name=value to who takes it; endpoint and kind are needed.
func parse(args []string, take map[string]func(string) error) error {
	missing := map[string]bool{"endpoint": true, "kind": true}
	for _, arg := range args {
		name, value, _ := strings.Cut(arg, "=")
		set, ok := take[name]
		if !ok {
			return fmt.Errorf("%w: no %q", ErrUsage, name)
		}
		if err := set(value); err != nil {
			return fmt.Errorf("%w: %s: %w", ErrUsage, name, err)
		}
		delete(missing, name)
	}
	for name := range missing {
		return fmt.Errorf("%w: no %s", ErrUsage, name)
	}
	return nil
}

func text(to *string) func(string) error {
	return func(v string) error { *to = v; return nil }
}

func number(to *uint64, least, most uint64) func(string) error {
	return func(v string) error {
		n, err := strconv.ParseUint(v, 10, 64)
		if err == nil && (n < least || n > most) {
			err = fmt.Errorf("%d; choose %d to %d", n, least, most)
		}
		*to = n
		return err
	}
}

func oneOf(set func(string), choices ...string) func(string) error {
	return func(v string) error {
		for _, c := range choices {
			if c == v {
				set(v)
				return nil
			}
		}
		return fmt.Errorf("%q; choose %s", v, strings.Join(choices, " or "))
	}
}
