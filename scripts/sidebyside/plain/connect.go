package plain

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"
)

// ErrEndpoint means that an endpoint is neither tcp://HOST:PORT nor ipc://PATH.
var ErrEndpoint = errors.New("no endpoint of a stream")

const dialEvery = 5 * time.Millisecond

// Accept listens at an endpoint and gives the first connection.
func Accept(ctx context.Context, endpoint string) (net.Conn, error) {
	network, address, err := split(endpoint)
	if err != nil {
		return nil, err
	}
	l, err := new(net.ListenConfig).Listen(ctx, network, address)
	if err != nil {
		return nil, fmt.Errorf("listen at %s: %w", endpoint, err)
	}
	defer l.Close()
	defer context.AfterFunc(ctx, func() { l.Close() })()
	conn, err := l.Accept()
	if err != nil {
		return nil, fmt.Errorf("accept at %s: %w", endpoint, err)
	}
	return conn, nil
}

// Dial connects to an endpoint; it tries until ctx ends, for the listener may
// not be there yet.
func Dial(ctx context.Context, endpoint string) (net.Conn, error) {
	network, address, err := split(endpoint)
	if err != nil {
		return nil, err
	}
	for {
		conn, err := new(net.Dialer).DialContext(ctx, network, address)
		if err == nil {
			return conn, nil
		}
		select {
		case <-time.After(dialEvery):
		case <-ctx.Done():
			return nil, fmt.Errorf("connect to %s: %w", endpoint, err)
		}
	}
}

func split(endpoint string) (network, address string, err error) {
	if rest, ok := strings.CutPrefix(endpoint, "tcp://"); ok {
		return "tcp", rest, nil
	}
	if rest, ok := strings.CutPrefix(endpoint, "ipc://"); ok {
		return "unix", rest, nil
	}
	return "", "", fmt.Errorf("%w: %q; write tcp://HOST:PORT or ipc://PATH", ErrEndpoint, endpoint)
}
