package zap

import (
	"testing"

	"zbench/engines"
)

func TestAnswer(t *testing.T) {
	var g Gate
	ours := g.Admit(engines.Security{Username: "me", Password: "secret"})
	other := g.Admit(engines.Security{Username: "you", Password: "hidden"})
	for _, c := range []struct{ domain, mechanism, user, password, status string }{
		{ours, "PLAIN", "me", "secret", "200"},
		{ours, "PLAIN", "me", "wrong", "400"},
		{ours, "PLAIN", "you", "hidden", "400"},
		{other, "PLAIN", "you", "hidden", "200"},
		{"unknown", "PLAIN", "me", "secret", "400"},
		{ours, "NULL", "", "", "400"},
		{"", "CURVE", "key", "", "200"},
	} {
		got := g.answer(text("1.0", "7", c.domain, "127.0.0.1", "", c.mechanism, c.user, c.password))
		if len(got) != 6 || string(got[1]) != "7" || string(got[2]) != c.status {
			t.Errorf("%+v: %q", c, got)
		}
	}
	g.Forget(ours)
	if got := g.answer(text("1.0", "8", ours, "", "", "PLAIN", "me", "secret")); string(got[2]) != "400" {
		t.Errorf("after Forget: %q", got)
	}
	for n := range credentials { // a request cut off
		if got := g.answer(text("1.0", "9", ours, "", "", "PLAIN")[:n]); string(got[2]) != "500" {
			t.Errorf("%d frames: %q", n, got)
		}
	}
}
