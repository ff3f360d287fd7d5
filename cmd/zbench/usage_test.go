package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestUsage: wrong usage is exit 2 and one clear line that names the mend,
// before anything is run or written.
func TestUsage(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	for name, text := range map[string]string{
		"bad.yaml":   "matrix:\n  - pattern: req-rep\n    transport: tpc\n",
		"big.yaml":   "matrix:\n  - pattern: push-pull\n    peers: 2\n    transport: tcp, ipc\n",
		"plain.file": "x",
	} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct{ args, want string }{
		{"rum", `unknown command "rum"; did you mean "run"?`},
		{"scenarios lst", `unknown command "zbench scenarios lst"; did you mean "list"?`},
		{"run --patern pair", `unknown flag --patern; did you mean "--pattern"?`},
		{"run --zzzzzzzzz", "unknown flag --zzzzzzzzz; see `zbench run --help`"},
		{"run --pattern", "flag needs an argument: --pattern; see"},
		{"run --quiet=maybe", `invalid argument "maybe"`},
		{"run quickstart tails", `"tails" is too much`},
		{"run quikstart", `no scenario "quikstart", shipped or as a file; did you mean "quickstart"?`},
		{"run my/none.yaml", "no file my/none.yaml; name one that exists, or a shipped scenario"},
		{"run .", "scenario . cannot be read"},
		{"run bad.yaml", `bad.yaml:3:16: unknown transport "tpc"; did you mean "tcp"?`},
		{"run -", `stdin:3:5: unknown key "pattren"; did you mean "pattern"?`},
		{"run --size 64", "no pattern and no scenario; add --pattern req-rep, or"},
		{"run --pattern reqrep", `--pattern: unknown "reqrep"; did you mean "req-rep"?`},
		{"run --pattern pair --engine nul", `--engine: unknown "nul"; did you mean "null"?`},
		{"run --pattern pair --transport tpc", `--transport: unknown "tpc"; did you mean "tcp"?`},
		{"run --pattern pair --size 64,64", `--size "64" stands there twice; leave one out`},
		{"run --pattern pair --size 1KiB,1024", `--size "1024" is the same as "1KiB"`},
		{"run --pattern push-pull --allow-loss 1%", "--allow-loss 1%: push-pull promises delivery"},
		{"run --pattern pair --size 64q", `--size "64q": unknown unit "q"; write it like`},
		{"run --pattern pair --rate -5", `--rate "-5": negative; write it like`},
		{"run --pattern pair --stages 10s", `--stages "10s": stage "10s": no @`},
		{"run --pattern pair --connect localhost:5", `--connect "localhost:5": no transport; write it like tcp://`},
		{"run --pattern pair --connect tcp://localhost:99999", `--connect "tcp://localhost:99999": port "99999" is not a number from 0 to 65535`},
		{"run --pattern pair --rate 5 --window 2", "--window and rate contradict each other"},
		{"run --pattern pair --count 5 --duration 2s", "--count and duration contradict each other"},
		{"run --pattern req-rep --rate 0", "--rate 0: req-rep has no max loop"},
		{"run --pattern pair --size 256MiB --window 1000", "a quarter of the"},
		{"run --pattern pair --size 100GiB", `--size "100GiB": is over 268435456 bytes`},
		{"run --pattern pair --payload file:none", "payload none cannot be read: no such file or directory; name a file"},
		{"run --pattern pair --payload none", `--payload "none": unknown; write zero, random or file:PATH`},
		{"run --pattern pair --peer-delay soon", `--peer-delay "soon": write a time`},
		{"run --pattern pair --size=", "--size: empty value; leave it out"},
		{"run --pattern push-pull --peers 2", "it copies every message to every connected peer"},
		{"run big.yaml", "(and 1 more of 2 cells)"},
		{"run --pattern req-rep --transport inproc --size 1KiB", "inproc breaks above 255 bytes a frame"},
		{"run --runs none", `--runs "none": not a number of runs`},
		{"run --runs 99999", `write a number from 1 to 10000`},
		{"run --seed x", `--seed "x": not a seed`},
		{"run --pattern pair --size 1,2,3,4 --runs 5000", "the matrix makes more than 10000 runs"},
		{"run --json .", "--json . is a directory; name a file"},
		{"run --json none/x.json", "--json none/x.json cannot be written"},
		{"run --out plain.file", "plain.file"},
		{"report", "zbench report needs a directory of results"},
		{"report none", "none"},
		{"report .", "."},
		{"scenarios show", "needs one scenario"},
		{"scenarios show none", `no scenario "none"`},
		{"scenarios validate", "needs a scenario file"},
		{"scenarios validate tails bad.yaml", `bad.yaml:3:16: unknown transport`},
		{"scenarios validate big.yaml", "big.yaml:2:14: client 1 of push-pull: go-zeromq: PUSH over tcp: "},
		{"scenarios list x", `takes no arguments, "x" is too much`},
		{"engines nul", `unknown engine "nul"; did you mean "null"?`},
		{"completion bsh", `unknown shell "bsh"; did you mean "bash"?`},
		{"version x", `"x" is too much`},
	} {
		t.Run(c.args, func(t *testing.T) {
			r := zbench(t, strings.Fields(c.args)...)
			first, rest, _ := strings.Cut(r.stderr, "\n")
			if r.code != exitUsage || !strings.HasPrefix(first, "zbench: ") || !strings.Contains(first, c.want) {
				t.Errorf("exit %d\ngot  %s\nwant %s", r.code, r.stderr, c.want)
			}
			if rest != "" && !strings.Contains(rest, "^") {
				t.Errorf("more than one line:\n%s", r.stderr)
			}
		})
	}
	left, err := filepath.Glob("zbench-results/*/*")
	hidden, _ := filepath.Glob(".zbench*")
	if err != nil || len(left)+len(hidden) > 0 {
		t.Errorf("left behind: %v %v", left, hidden)
	}
}
