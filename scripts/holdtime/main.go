// Command holdtime tests zbench against a service that knows how long it held
// each request: a Python echo that sleeps 5 ms. What zbench's p50 has over the
// service's own median hold is transport and client, and must be no larger than
// what a client in Python sees of the same service.
//
//	go run ./scripts/holdtime [-rounds 9] [-for 2s] [-python /usr/bin/python3]
//
// It needs Linux and a Python with ZeroMQ (Debian: apt-get install
// python3-zmq), and is run in the root of the repository. Each round starts the
// service once and loads it with both clients, which take turns at being the
// first. It prints the medians of the rounds, with zbench's CPU time a message
// and the service's, and exits with 1 where it does not hold.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"time"
)

func main() {
	rounds := flag.Int("rounds", 9, "how many rounds")
	length := flag.Duration("for", 2*time.Second, "how long each client asks in a round")
	python := flag.String("python", "/usr/bin/python3", "Python with ZeroMQ")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	holds, err := measure(ctx, *rounds, *length, *python)
	if err != nil {
		fmt.Fprintln(os.Stderr, "holdtime:", err)
		os.Exit(1)
	}
	if !holds {
		os.Exit(1)
	}
}

// measure makes all rounds and prints them; it reports whether zbench's median
// overhead is no larger than Python's.
func measure(ctx context.Context, rounds int, length time.Duration, python string) (bool, error) {
	if err := exec.Command(python, "-c", "import zmq").Run(); err != nil {
		return false, fmt.Errorf("%s cannot import zmq: apt-get install python3-zmq, or name another with -python", python)
	}
	dir, err := os.MkdirTemp("", "holdtime")
	if err != nil {
		return false, err
	}
	defer os.RemoveAll(dir)
	zbench := filepath.Join(dir, "zbench")
	if out, err := exec.CommandContext(ctx, "go", "build", "-o", zbench, "./cmd/zbench").CombinedOutput(); err != nil {
		return false, fmt.Errorf("go build: %w: %s", err, out)
	}
	var over, pythonOver, cpu, serviceCPU []float64
	for i := range rounds {
		r := round{dir: dir, index: i, zbench: zbench, python: python, length: length}
		if err := r.run(ctx); err != nil {
			return false, fmt.Errorf("round %d: %w", i+1, err)
		}
		fmt.Printf("round %d: held %.3f ms; above it zbench %.1f µs, Python %.1f µs\n", i+1,
			r.ours.hold/1e6, r.ours.over()/1e3, r.theirs.over()/1e3)
		over, pythonOver = append(over, r.ours.over()), append(pythonOver, r.theirs.over())
		cpu, serviceCPU = append(cpu, r.cpu), append(serviceCPU, r.serviceCPU)
	}
	fmt.Printf("median of %d rounds: above the service's own hold, zbench sees %.1f µs and Python %.1f µs\n",
		rounds, median(over)/1e3, median(pythonOver)/1e3)
	fmt.Printf("CPU a message: zbench %.1f µs, service %.1f µs\n", median(cpu)/1e3, median(serviceCPU)/1e3)
	holds := median(over) <= median(pythonOver)
	fmt.Println(map[bool]string{true: "holds", false: "does NOT hold: zbench adds more than a Python client"}[holds])
	return holds, nil
}

// median of values, which it leaves as they are; 0 of none.
func median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}
