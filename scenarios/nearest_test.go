package scenarios

import (
	"strings"
	"testing"
)

func TestUnknown(t *testing.T) {
	known := []string{"req-rep", "push-pull", "pub-sub", "pair", "tcp", "ipc"}
	for name, want := range map[string]string{
		"reqrep": "req-rep", "REQ_REP": "req-rep", "push pull": "push-pull", "pushpul": "push-pull", "pub-sup": "pub-sub",
		"pari": "pair", "tpc": "tcp",
	} {
		if got := Unknown(name, known); got != `did you mean "`+want+`"?` {
			t.Errorf("%q: %s", name, got)
		}
	}
	for _, name := range []string{"", "x", "websocket", "zz"} {
		if got := Unknown(name, known); got != "there are req-rep, push-pull, pub-sub, pair, tcp, ipc" {
			t.Errorf("%q: %s", name, got)
		}
	}
	if got := Unknown("libzmq", []string{"go-zeromq", "zmtp"}); !strings.Contains(got, "-tags libzmq") {
		t.Errorf("an engine of another build: %s", got)
	}
}

func TestEdits(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"", "abc", 3}, {"kitten", "sitting", 3}, {"tpc", "tcp", 1}, {"abc", "abc", 0}, {"rate", "date", 1}} {
		if got := edits(c.a, c.b); got != c.want || edits(c.b, c.a) != got {
			t.Errorf("%q, %q: %d, want %d", c.a, c.b, got, c.want)
		}
	}
}
