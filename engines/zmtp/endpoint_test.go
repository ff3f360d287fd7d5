package zmtp

import (
	"errors"
	"strings"
	"syscall"
	"testing"

	"zbench/engines"
)

func TestBindErrorSaysTheMend(t *testing.T) {
	e := New()
	first := openTest(t, e, engines.PULL, engines.Options{Use: engines.RecvOnly})
	second := openTest(t, e, engines.PULL, engines.Options{Use: engines.RecvOnly})
	for endpoint, mend := range map[string]string{
		"tcp://127.0.0.1:0":               "choose another endpoint, or port 0 for any that is free",
		"ipc://" + t.TempDir() + "/taken": "choose another endpoint",
	} {
		taken, err := first.Bind(endpoint)
		if err != nil {
			t.Fatal(err)
		}
		_, err = second.Bind(taken)
		if !errors.Is(err, syscall.EADDRINUSE) {
			t.Fatalf("bind %s twice: %v", taken, err)
		}
		_, addr, _ := strings.Cut(taken, "://")
		if s := err.Error(); strings.Count(s, addr) != 1 || !strings.HasSuffix(s, "; "+mend) {
			t.Errorf("the error says %q", s)
		}
	}
}
