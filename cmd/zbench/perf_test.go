package main

import (
	"regexp"
	"strings"
	"testing"
	"time"
)

// perfPair runs the two tools of a pair against each other.
func perfPair(t *testing.T, local, remote string, args ...string) (localOut, remoteOut string) {
	t.Helper()
	endpoint := "ipc://" + t.TempDir() + "/p"
	var here result
	done := make(chan struct{})
	go func() {
		defer close(done)
		here = zbench(t, append([]string{local, endpoint}, args...)...)
	}()
	there := zbench(t, append([]string{remote, endpoint}, args...)...)
	select {
	case <-done:
	case <-time.After(20 * time.Second):
		t.Fatal(local + " did not end")
	}
	if here.code != exitOK || there.code != exitOK {
		t.Fatalf("exit %d and %d\n%s%s", here.code, there.code, here.stderr, there.stderr)
	}
	return here.stdout, there.stdout
}

// TestPerfTools: the lines of libzmq's tools, and ours below them.
func TestPerfTools(t *testing.T) {
	for _, engine := range []string{"zmtp", "go-zeromq"} {
		out, silent := perfPair(t, "local_thr", "remote_thr", "64", "20000", "--engine", engine)
		want := regexp.MustCompile(`^message size: 64 \[B\]
message count: 20000
mean throughput: \d+ \[msg/s\]
mean throughput: \d+\.\d{3} \[Mb/s\]
time of 200 messages p50: \d+\.\d{3} \[us\]
(?s:.*)longest gap between arrivals: \d+\.\d{3} \[us\]
$`)
		if !want.MatchString(out) || silent != "" {
			t.Errorf("%s: %s%s", engine, out, silent)
		}
		silent, out = perfPair(t, "local_lat", "remote_lat", "1", "500", "--engine", engine)
		want = regexp.MustCompile(`^message size: 1 \[B\]
roundtrip count: 500
average latency: \d+\.\d{3} \[us\]
round trip p50: \d+\.\d{3} \[us\]
round trip p90: \d+\.\d{3} \[us\]
round trip max: \d+\.\d{3} \[us\]
$`)
		if !want.MatchString(out) || silent != "" {
			t.Errorf("%s: %s%s", engine, out, silent)
		}
	}
}

func TestPerfToolsRefuse(t *testing.T) {
	for args, want := range map[string]string{
		"local_thr":                                    "needs BIND SIZE COUNT",
		"remote_lat tcp://127.0.0.1:1 5":               "needs CONNECT SIZE ROUNDTRIPS",
		"remote_thr nowhere 5 5":                       "no transport",
		"remote_thr inproc://x 5 5":                    "inproc ends at this process",
		"local_lat tcp://127.0.0.1:0 five 5":           `SIZE "five": `,
		"local_lat tcp://127.0.0.1:0 5 0":              `ROUNDTRIPS "0": nothing to do`,
		"local_thr tcp://127.0.0.1:0 5 5 1":            "CURVE",
		"local_thr tcp://127.0.0.1:0 5 5 --engine nul": `--engine: unknown "nul"; did you mean "null"`,
	} {
		r := zbench(t, strings.Fields(args)...)
		if r.code != exitUsage || !strings.Contains(r.stderr, want) || strings.Count(r.stderr, "\n") != 1 {
			t.Errorf("%s: exit %d, %q; want one line with %q", args, r.code, r.stderr, want)
		}
	}
}

// TestKeyOnce: no error names a key twice in a row.
func TestKeyOnce(t *testing.T) {
	twice := regexp.MustCompile(`--([a-z-]+)( "[^"]*")?:? (unknown )?([a-z-]+)`)
	for _, args := range []string{
		"run --pattern pear", "run --pattern pair --engine nul", "run --pattern pair --transport tpc", "run --pattern pair --listen x",
		"run --pattern broker --listen load", "run --pattern pair --window x", "run --pattern push-pull --window 5",
		"run --pattern req-rep --window 5", "run --pattern push-pull --topics 5", "run --pattern push-pull --topics x",
		"run --pattern pair --middles 2", "run --pattern pair --middle-engine null", "run --pattern pair --peers 2",
		"run --pattern pair --arrival soon", "run --pattern pair --stages soon", "run --pattern pair --rate soon",
		"run --pattern pair --size soon", "run --pattern pair --payload soon", "run --pattern pair --frames 0",
		"run --pattern pair --hwm=-1", "run --pattern pair --sndbuf x", "run --pattern pair --duration 9000h",
		"run --pattern pair --count x", "run --pattern pair --warmup x", "run --pattern pair --at-hwm drop",
		"run --pattern pub-sub --at-hwm stay", "run --pattern pair --allow-loss 2", "run --pattern pair --peer-delay soon",
		"run --pattern pair --peer-stall soon", "run --pattern pair --connections 2", "run --pattern req-rep --rate 0",
		"run --pattern pair --connect x", "run --pattern pair --bind x", "run --runs x", "run --seed x",
		"serve sink --pattern push-pull --bind x", "serve sink --pattern pear --bind tcp://127.0.0.1:0",
		"serve sink --pattern push-pull --bind tcp://127.0.0.1:0 --topics x", "serve sink --pattern push-pull --bind tcp://127.0.0.1:0 --topics 5",
		"serve sink --pattern push-pull --bind tcp://127.0.0.1:0 --peers x", "serve sink --pattern push-pull --bind tcp://127.0.0.1:0 --hwm=-1",
		"serve sink --pattern push-pull --bind tcp://127.0.0.1:0 --engine x", "serve sink --pattern push-pull --bind tcp://127.0.0.1:0 --warmup x",
		"serve echo --pattern pair --bind tcp://127.0.0.1:0 --delay x", "serve echo --pattern pair --bind tcp://127.0.0.1:0 --stall x",
		"serve source --pattern pair --bind tcp://127.0.0.1:0 --rate x", "serve source --pattern pair --bind tcp://127.0.0.1:0 --size x",
		"serve source --pattern pair --bind tcp://127.0.0.1:0 --count x", "serve source --pattern pair --bind tcp://127.0.0.1:0 --duration x",
		"serve broker --pattern broker --front x --back x",
	} {
		r := zbench(t, strings.Fields(args)...)
		if r.code != exitUsage {
			t.Errorf("%s: exit %d, %s", args, r.code, r.stderr)
		}
		for _, m := range twice.FindAllStringSubmatch(r.stderr, -1) {
			if m[1] == m[4] {
				t.Errorf("%s: %s", args, r.stderr)
			}
		}
	}
}
