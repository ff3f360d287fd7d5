// Command paced measures by how much zbench, at a rate, differs from the truth:
// from plain clients that use no library, which load the same services in the
// same minutes; and whether zbench says so where it does. It prints medians of
// interleaved rounds with what is wanted beside them. See README.md.
//
//	go run ./scripts/paced [-only plain,late] [-rounds 5] [-runs 100] [-duration 2s]
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"zbench/scripts/wire"
)

const (
	exitOK          = 0
	exitFailed      = 1
	exitUsage       = 2
	exitMissed      = 3
	exitInterrupted = 130
)

var errUsage = errors.New("usage")

// options are what the command line asks for.
type options struct {
	rounds, runs   int
	duration       time.Duration
	only           string
	zbench, libzmq string // given; "": built here
	plainGo        bool
}

func main() {
	if len(os.Args) > 1 {
		switch os.Args[1] {
		case wireCommand:
			if err := wire.Play(os.Args[2:], os.Stdout); err != nil {
				fmt.Fprintln(os.Stderr, "paced:", err)
				os.Exit(exitFailed)
			}
			return
		case busyCommand:
			beBusy(os.Args[2:])
			return
		}
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run measures what was chosen and gives the exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	missed, err := measure(ctx, args, stdout, stderr)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return exitOK
	case ctx.Err() != nil:
		fmt.Fprintln(stderr, "paced: interrupted")
		return exitInterrupted
	case err != nil:
		fmt.Fprintln(stderr, "paced:", err)
		if errors.Is(err, errUsage) {
			return exitUsage
		}
		return exitFailed
	case missed > 0:
		fmt.Fprintf(stdout, "\n%d figures missed\n", missed)
		return exitMissed
	}
	return exitOK
}

func measure(ctx context.Context, args []string, stdout, stderr io.Writer) (missed int, err error) {
	o, err := parseOptions(args, stderr)
	if err != nil {
		return 0, err
	}
	chosen, err := choose(o.only)
	if err != nil {
		return 0, err
	}
	if load, err := os.ReadFile("/proc/loadavg"); err == nil {
		fmt.Fprintf(stdout, "load average before: %s", load)
	}
	dir, err := os.MkdirTemp("", "paced")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	k, err := newKit(ctx, o, dir, stderr)
	if err != nil {
		return 0, err
	}
	for _, e := range chosen {
		n, err := e.measure(ctx, k, o, stdout)
		if missed += n; err != nil {
			return missed, fmt.Errorf("%s: %w", e.name, err)
		}
	}
	return missed, nil
}

func parseOptions(args []string, stderr io.Writer) (options, error) {
	var o options
	var plain string
	set := flag.NewFlagSet("paced", flag.ContinueOnError)
	set.SetOutput(stderr)
	set.IntVar(&o.rounds, "rounds", 5, "`N` times everything that is compared runs")
	set.IntVar(&o.runs, "runs", 100, "`N` runs of late and of alone")
	set.DurationVar(&o.duration, "duration", 2*time.Second, "`TIME` that a run measures at least; longer where a p99 needs more messages")
	set.StringVar(&o.only, "only", "", "only those whose name begins with one of these `NAMES`, commas between: "+strings.Join(names(), ", "))
	set.StringVar(&o.zbench, "zbench", "", "`PATH` of a zbench instead of one built from this tree")
	set.StringVar(&o.libzmq, "libzmq", "", "`PATH` of a zbench with the engine libzmq instead of one built from this tree")
	set.StringVar(&plain, "plain", "c", "`LANGUAGE` of the plain programs: c or go")
	if err := set.Parse(args); errors.Is(err, flag.ErrHelp) {
		return o, err
	} else if err != nil {
		return o, fmt.Errorf("%w: %w", errUsage, err)
	}
	o.plainGo = plain == "go"
	switch {
	case set.NArg() > 0:
		return o, fmt.Errorf("%w: unexpected %q; there are only flags, see -help", errUsage, set.Arg(0))
	case o.rounds < 1 || o.rounds > 1000:
		return o, fmt.Errorf("%w: -rounds %d; choose 1 to 1000", errUsage, o.rounds)
	case o.runs < 1 || o.runs > 10_000:
		return o, fmt.Errorf("%w: -runs %d; choose 1 to 10000", errUsage, o.runs)
	case o.duration < 10*time.Millisecond || o.duration > time.Minute:
		return o, fmt.Errorf("%w: -duration %v; choose 10ms to 1m", errUsage, o.duration)
	case plain != "c" && plain != "go":
		return o, fmt.Errorf("%w: -plain %s; choose c or go", errUsage, plain)
	}
	return o, nil
}

// experiment is one question.
type experiment struct {
	name    string
	measure func(ctx context.Context, k *kit, o options, w io.Writer) (missed int, err error)
}

// experiments are all there are, in the order in which they run.
func experiments() []experiment {
	return []experiment{
		{"plain", plainRounds().measure},
		{"clients-python", clientRounds(pythonREP()).measure},
		{"clients-c", clientRounds(libzmqREP()).measure},
		{"open", openRounds().measure},
		{"gozeromq", gozeromqRounds().measure},
		{"late", measureLate},
		{"alone", measureAlone},
	}
}

func names() []string {
	var all []string
	for _, e := range experiments() {
		all = append(all, e.name)
	}
	return all
}

func choose(only string) ([]experiment, error) {
	words := strings.Split(only, ",")
	chosen := slices.DeleteFunc(experiments(), func(e experiment) bool {
		return !slices.ContainsFunc(words, func(word string) bool { return strings.HasPrefix(e.name, word) })
	})
	if len(chosen) == 0 {
		return nil, fmt.Errorf("%w: -only %s; there are %s", errUsage, only, strings.Join(names(), ", "))
	}
	return chosen, nil
}
