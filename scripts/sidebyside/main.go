// Command sidebyside runs zbench, minimal programs on libzmq and plain socket
// loops in turn, doing the same work, and prints medians and their ratios. It
// judges nothing: the figures wanted stand beside those found. See README.md.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"zbench/scripts/program"
	"zbench/scripts/wire"
)

const (
	exitOK          = 0
	exitFailed      = 1
	exitUsage       = 2
	exitInterrupted = 130
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run plays one side of a plain loop where the first argument says so, else it
// compares.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var err error
	switch {
	case len(args) > 0 && args[0] == plainCommand:
		err = playPlain(ctx, args[1:], stdout)
	case len(args) > 0 && args[0] == wireCommand:
		signal.Reset(os.Interrupt, syscall.SIGTERM) // it has nothing to save: a signal ends it
		err = wire.Play(args[1:], stdout)
	default:
		err = compare(ctx, args, stdout, stderr)
	}
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return exitOK
	case ctx.Err() != nil:
		fmt.Fprintln(stderr, "sidebyside: interrupted")
		return exitInterrupted
	}
	fmt.Fprintln(stderr, "sidebyside:", err)
	if errors.Is(err, errUsage) || errors.Is(err, wire.ErrUsage) || errors.Is(err, program.ErrEngine) {
		return exitUsage
	}
	return exitFailed
}
