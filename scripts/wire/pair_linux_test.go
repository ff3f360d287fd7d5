package wire

import (
	"bufio"
	"context"
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// playWord lets the test binary play a role, as a command that calls Play does.
const playWord = "play"

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == playWord {
		if err := Play(os.Args[2:], os.Stdout); err != nil {
			os.Stderr.WriteString(err.Error())
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// programs are the two, as the beginnings of their command lines.
func programs(t *testing.T) map[string][]string {
	t.Helper()
	t.Setenv("GORACE", "atexit_sleep_ms=0")
	both := map[string][]string{"Go": {os.Args[0], playWord}}
	c, err := Build(t.Context(), t.TempDir())
	if errors.Is(err, exec.ErrNotFound) {
		t.Log("no compiler: only the programs in Go are tested")
	} else if err != nil {
		t.Fatal(err)
	} else {
		both["C"] = []string{c}
	}
	return both
}

// serve starts a service and gives its endpoint.
func serve(t *testing.T, program []string, e Echo) string {
	t.Helper()
	e.Endpoint = "tcp://127.0.0.1:0"
	args := append(program[1:len(program):len(program)], e.Args()...)
	cmd := exec.CommandContext(t.Context(), program[0], args...)
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	line, _ := bufio.NewReader(out).ReadString('\n')
	endpoint, ok := strings.CutPrefix(strings.TrimSpace(line), "ready ")
	if !ok {
		t.Fatalf("%v said %q", args, line)
	}
	return endpoint
}

func loadBy(t *testing.T, program []string, l Load) (Figures, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	args := append(program[1:len(program):len(program)], l.Args()...)
	out, err := exec.CommandContext(ctx, program[0], args...).Output()
	if err != nil {
		return Figures{}, err
	}
	return ReadFigures(out)
}

// TestEveryPair loads each service with each client, in every loop.
func TestEveryPair(t *testing.T) {
	both := programs(t)
	loads := map[string]Load{
		"lockstep": {Rate: 2000, Count: 200, Warmup: 20, Clients: 1},
		"clients":  {Rate: 5000, Count: 500, Warmup: 20, Clients: 70},
		"open":     {Rate: 50_000, Count: 3000, Warmup: 100, Clients: 1, Open: true},
	}
	for server, serves := range both {
		for _, kinds := range [][2]string{{"REP", "REQ"}, {"ROUTER", "DEALER"}} {
			endpoint := serve(t, serves, Echo{Kind: kinds[0]})
			for client, program := range both {
				for name, l := range loads {
					l.Endpoint, l.Kind = endpoint, kinds[1]
					if f, err := loadBy(t, program, l); err != nil || f.Count != l.Count {
						t.Errorf("%s loads %s, %s, %s: %+v, %v", client, server, kinds[1], name, f, err)
					}
				}
			}
		}
	}
}

// TestDelay: no latency is below the delay, and one in ten is above it by the
// tail.
func TestDelay(t *testing.T) {
	const delay, tail = 2 * time.Millisecond, 5 * time.Millisecond
	for name, program := range programs(t) {
		for _, spins := range []bool{false, true} {
			endpoint := serve(t, program, Echo{Kind: "ROUTER", Delay: delay, Tail: tail, Every: 10, Spin: spins})
			f, err := loadBy(t, program, Load{Endpoint: endpoint, Kind: "DEALER", Rate: 50, Count: 50, Clients: 1})
			if err != nil || f.Service.P50NS < int64(delay) || f.Service.MaxNS < int64(delay+tail) {
				t.Errorf("%s, spins %v: %+v, %v", name, spins, f, err)
			}
		}
	}
}

// TestClientFails says so by its exit code.
func TestClientFails(t *testing.T) {
	for name, program := range programs(t) {
		endpoint := serve(t, program, Echo{Kind: "REP"})
		other := strings.Replace(endpoint, "tcp://127.0.0.1", "udp://127.0.0.1", 1)
		if _, err := loadBy(t, program, Load{Endpoint: other, Kind: "REQ", Rate: 1, Count: 1, Clients: 1}); err == nil {
			t.Errorf("%s loaded %s", name, other)
		}
	}
}
