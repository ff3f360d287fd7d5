package targets

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestValidate(t *testing.T) {
	for _, c := range []struct {
		spec Spec
		want string
	}{
		{Spec{}, "no command"},
		{Spec{Command: []string{""}}, "no command"},
		{Spec{Command: []string{"x"}, Ready: Ready{Line: "a", After: 1}}, "more than one"},
		{Spec{Command: []string{"x"}, Ready: Ready{Timeout: -1}}, "negative"},
		{Spec{Command: []string{"x"}, Stop: Stop{Signal: "SIGFOO"}}, "unknown signal"},
		{Spec{Command: []string{"x", "{script}"}}, "there is none"},
		{Spec{Command: []string{"x"}, Ready: Ready{Endpoint: "localhost:1"}}, "no transport"},
		{Spec{Command: []string{"x"}, Ready: Ready{Endpoint: "inproc://a"}}, "nobody outside"},
		{Spec{Command: Shell("x"), Ready: Ready{Endpoint: "ipc:///tmp/a", Timeout: time.Second}, Stop: Stop{Signal: "INT"}}, ""},
	} {
		err := c.spec.Validate()
		if c.want == "" {
			if err != nil {
				t.Error(err)
			}
			continue
		}
		if !errors.Is(err, ErrInvalid) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v, want %q", c.spec, err, c.want)
		}
	}
}
