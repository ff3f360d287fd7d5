// Command overhead compares go-zeromq through zbench with a bare loop over the
// same library: push-pull, 64 B, one process. Both sides of a round run one
// after the other, in turn first; it prints the median of the rounds' ratios.
//
//	go run ./scripts/overhead [-rounds 9] [-count 200000] [-transport tcp]
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"
	"slices"
	"time"

	zmq4 "github.com/go-zeromq/zmq4"

	"zbench/drivers"
	"zbench/engines/gozeromq"
)

const bodyBytes = 64

func main() {
	rounds := flag.Int("rounds", 9, "interleaved rounds")
	count := flag.Int("count", 200_000, "messages of a run")
	transport := flag.String("transport", "tcp", "tcp or ipc")
	flag.Parse()
	if err := compare(os.Stdout, *rounds, *count, *transport); err != nil {
		fmt.Fprintln(os.Stderr, "overhead:", err)
		os.Exit(1)
	}
}

func compare(w io.Writer, rounds, count int, transport string) error {
	dir, err := os.MkdirTemp("", "zb")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	var bares, ours, ratios []float64
	for i := range rounds {
		var bare, through float64
		sides := []func() error{
			func() (err error) { bare, err = bareLoop(dir, transport, count, i); return },
			func() (err error) { through, err = throughZbench(dir, transport, count, i); return },
		}
		if i%2 == 1 {
			slices.Reverse(sides)
		}
		for _, side := range sides {
			if err := side(); err != nil {
				return err
			}
		}
		bares, ours, ratios = append(bares, bare), append(ours, through), append(ratios, through/bare)
		fmt.Fprintf(w, "round %d  bare %.0f/s  zbench %.0f/s  ratio %.3f\n", i+1, bare, through, through/bare)
	}
	fmt.Fprintf(w, "push-pull %s %d B, median of %d rounds: bare %.0f/s, zbench %.0f/s, ratio %.3f (%.3f to %.3f)\n", transport, bodyBytes,
		rounds, median(bares), median(ours), median(ratios), slices.Min(ratios), slices.Max(ratios))
	return nil
}

func median(xs []float64) float64 {
	s := slices.Sorted(slices.Values(xs))
	return (s[(len(s)-1)/2] + s[len(s)/2]) / 2
}

// bareLoop is what a Go program does with the library: one goroutine sends one
// body over and over, another one receives. The rate is that of the receiver.
// Its context has no deadline, as that of most programs: with one that ends
// before the library's own timeout the library saves itself a timer a message.
func bareLoop(dir, transport string, count, round int) (perSecond float64, err error) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	defer time.AfterFunc(time.Minute, cancel).Stop()
	quiet := zmq4.WithLogger(log.New(io.Discard, "", 0))
	pull, push := zmq4.NewPull(ctx, quiet), zmq4.NewPush(ctx, quiet)
	defer pull.Close()
	defer push.Close()
	endpoint := "tcp://127.0.0.1:0"
	if transport == "ipc" {
		endpoint = "ipc://" + filepath.Join(dir, fmt.Sprint("bare", round))
	}
	if err := pull.Listen(endpoint); err != nil {
		return 0, err
	}
	if transport == "tcp" {
		endpoint = "tcp://" + pull.Addr().String()
	}
	if err := push.Dial(endpoint); err != nil {
		return 0, err
	}
	sent := make(chan error, 1)
	go func() {
		body := make([]byte, bodyBytes)
		for range count {
			if err := push.SendMulti(zmq4.NewMsg(body)); err != nil {
				sent <- err
				return
			}
		}
		sent <- nil
	}()
	var first time.Time
	for i := range count {
		if _, err := pull.Recv(); err != nil {
			return 0, err
		}
		if i == 0 {
			first = time.Now()
		}
	}
	took := time.Since(first)
	return float64(count-1) / took.Seconds(), <-sent
}

// throughZbench is the same cell with stamps, checks, histograms and accounting.
func throughZbench(dir, transport string, count, round int) (perSecond float64, err error) {
	c := drivers.NewCell()
	c.Pattern, c.Engine, c.Transport, c.Count = "push-pull", "go-zeromq", transport, uint64(count)
	if err := drivers.Resolve(&c); err != nil {
		return 0, err
	}
	e := gozeromq.New()
	r, err := drivers.Run(context.Background(), drivers.Setup{
		ID: fmt.Sprint("overhead", round), Cell: c, Load: e, Peer: e, Seed: 1, Scratch: dir,
	}, drivers.Output{})
	if err != nil {
		return 0, err
	}
	if a := r.Accounting; a.Received != uint64(count) || r.Throughput.AchievedMsgsPerS == nil {
		return 0, fmt.Errorf("%d of %d messages arrived", a.Received, count)
	}
	return *r.Throughput.AchievedMsgsPerS, nil
}
