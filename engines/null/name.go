package null

import (
	"fmt"
	"net"
	"strings"

	"zbench/engines"
)

// firstPort is where wildcard ports start: the first dynamic port (RFC 6335).
const firstPort = 49152

// resolve gives the endpoint as others may connect to it, and the key it has in
// the table: tcp names by port alone, for there is only one host. Wildcards,
// also "ipc://*", are for binding; the caller holds e.mu.
func (e *Engine) resolve(endpoint string, bind bool) (name, key string, err error) {
	transport, addr, err := engines.ParseEndpoint(endpoint)
	if err != nil {
		return "", "", err
	}
	if transport != "tcp" {
		if addr == "*" && transport == "ipc" {
			if !bind {
				return "", "", fmt.Errorf("endpoint %q: a wildcard is for Bind alone; connect to what Bind returned", endpoint)
			}
			for endpoint == "ipc://*" || e.bound[endpoint] != nil {
				e.serial++
				endpoint = fmt.Sprintf("ipc://null-%d", e.serial)
			}
		}
		return endpoint, endpoint, nil
	}
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return "", "", err
	}
	any := host == "*"
	if any {
		host = "127.0.0.1"
	}
	port = strings.TrimLeft(port, "0")
	wild := port == "" || port == "*"
	if (any || wild) && !bind {
		return "", "", fmt.Errorf("endpoint %q: a wildcard is for Bind alone; connect to what Bind returned", endpoint)
	}
	for wild {
		e.serial++
		port = fmt.Sprint(firstPort + e.serial%(65536-firstPort))
		wild = e.bound["tcp:"+port] != nil
	}
	return "tcp://" + net.JoinHostPort(host, port), "tcp:" + port, nil
}
