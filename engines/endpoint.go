package engines

import (
	"fmt"
	"net"
	"strconv"
	"strings"
)

// Transports that cells may name.
func Transports() []string { return []string{"tcp", "ipc", "inproc"} }

// maxIPCPath is what fits in sockaddr_un.sun_path with its final NUL.
const maxIPCPath = 107

// ParseEndpoint splits "tcp://127.0.0.1:5555", "ipc:///tmp/x", "ipc://@name"
// or "inproc://name" into transport and address and checks both. A wildcard
// host "*" and port "*" or 0 are for Bind alone.
func ParseEndpoint(endpoint string) (transport, addr string, err error) {
	transport, addr, ok := strings.Cut(endpoint, "://")
	if !ok {
		return "", "", fmt.Errorf("endpoint %q: no transport; write it like tcp://127.0.0.1:5555, ipc:///tmp/name or inproc://name", endpoint)
	}
	switch transport {
	case "tcp":
		err = checkTCP(addr)
	case "ipc":
		if addr == "" || addr == "@" {
			err = fmt.Errorf("no path; write it like ipc:///tmp/name")
		} else if len(addr) > maxIPCPath {
			err = fmt.Errorf("the path has %d bytes, %d is the most; choose a shorter one", len(addr), maxIPCPath)
		}
	case "inproc":
		if addr == "" {
			err = fmt.Errorf("no name; write it like inproc://name")
		}
	default:
		err = fmt.Errorf("unknown transport %q; there are %s", transport, strings.Join(Transports(), ", "))
	}
	if err != nil {
		return "", "", fmt.Errorf("endpoint %q: %w", endpoint, err)
	}
	return transport, addr, nil
}

func checkTCP(addr string) error {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("no host and port; write it like tcp://127.0.0.1:5555 or tcp://[::1]:5555")
	}
	if host == "" {
		return fmt.Errorf("no host; write it like tcp://127.0.0.1:%s", port)
	}
	if port == "*" {
		return nil
	}
	if n, err := strconv.Atoi(port); err != nil || n < 0 || n > 65535 {
		return fmt.Errorf("port %q is not a number from 0 to 65535", port)
	}
	return nil
}
