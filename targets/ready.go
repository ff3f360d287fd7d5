package targets

import (
	"context"
	"fmt"
	"net"
	"strings"
	"time"

	"zbench/engines"
)

const (
	readyEvery = 10 * time.Millisecond
	dialLimit  = 500 * time.Millisecond
)

// vacant refuses to start a service whose place is taken: the load would reach
// somebody else.
func (t *Target) vacant() error {
	if e := t.spec.Ready.Endpoint; e != "" && accepts(e) {
		return fmt.Errorf("%w: somebody listens at %s already; end that, or choose another endpoint", ErrStart, e)
	}
	return nil
}

// await waits until the service is ready, or for the reason that it never is.
func (t *Target) await(ctx context.Context) error {
	deadline := time.NewTimer(t.spec.Ready.Timeout)
	defer deadline.Stop()
	tick := time.NewTicker(readyEvery)
	defer tick.Stop()
	output := &follower{path: t.log}
	defer output.close()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-t.gone:
			return fmt.Errorf("%w: %s after %.3g s; %s", ErrStart, t.exit, t.after.Seconds(), t.said())
		case <-deadline.C:
			return fmt.Errorf("%w: no %s within %v; %s", ErrReady, t.spec.Ready.sign(), t.spec.Ready.Timeout, t.said())
		case <-tick.C:
			if t.isReady(output) {
				return nil
			}
		}
	}
}

func (t *Target) isReady(output *follower) bool {
	switch r := t.spec.Ready; {
	case r.Line != "":
		return output.has(r.Line)
	case r.Endpoint != "":
		return accepts(r.Endpoint)
	default:
		return time.Since(t.started) >= r.After
	}
}

// sign is what was waited for.
func (r Ready) sign() string {
	switch {
	case r.Line != "":
		return fmt.Sprintf("line with %q", r.Line)
	case r.Endpoint != "":
		return "answer at " + r.Endpoint
	}
	return "end of the delay"
}

// accepts reports whether somebody takes connections at a tcp or ipc endpoint.
func accepts(endpoint string) bool {
	network, address := "tcp", strings.TrimPrefix(endpoint, "tcp://")
	if transport, _, err := engines.ParseEndpoint(endpoint); err != nil {
		return false
	} else if transport == "ipc" {
		network, address = "unix", strings.TrimPrefix(endpoint, "ipc://")
	}
	c, err := net.DialTimeout(network, address, dialLimit)
	if err != nil {
		return false
	}
	c.Close()
	return true
}
