package engines

import (
	"slices"
	"strings"
	"testing"
)

func TestParseEndpoint(t *testing.T) {
	long := "/" + strings.Repeat("x", maxIPCPath-1)
	for _, c := range []struct {
		endpoint, transport, addr string
		mend                      string // part of the error; empty: there is none
	}{
		{"tcp://127.0.0.1:5555", "tcp", "127.0.0.1:5555", ""},
		{"tcp://[::1]:0", "tcp", "[::1]:0", ""},
		{"tcp://*:*", "tcp", "*:*", ""},
		{"tcp://localhost:65535", "tcp", "localhost:65535", ""},
		{"ipc:///tmp/x", "ipc", "/tmp/x", ""},
		{"ipc://@name", "ipc", "@name", ""},
		{"ipc://" + long, "ipc", long, ""},
		{"inproc://a://b", "inproc", "a://b", ""},

		{"", "", "", "no transport"},
		{"127.0.0.1:5555", "", "", "write it like tcp://127.0.0.1:5555"},
		{"udp://127.0.0.1:1", "", "", "there are tcp, ipc, inproc"},
		{"TCP://127.0.0.1:1", "", "", "unknown transport"},
		{"tcp://127.0.0.1", "", "", "no host and port"},
		{"tcp://:5555", "", "", "write it like tcp://127.0.0.1:5555"},
		{"tcp://h:65536", "", "", "0 to 65535"},
		{"tcp://h:-1", "", "", "0 to 65535"},
		{"tcp://h:", "", "", "0 to 65535"},
		{"tcp://::1:5", "", "", "no host and port"},
		{"ipc://", "", "", "no path"},
		{"ipc://@", "", "", "no path"},
		{"ipc://" + long + "x", "", "", "107 is the most"},
		{"inproc://", "", "", "no name"},
	} {
		transport, addr, err := ParseEndpoint(c.endpoint)
		if transport != c.transport || addr != c.addr {
			t.Errorf("ParseEndpoint(%q) = %q, %q", c.endpoint, transport, addr)
		}
		if c.mend == "" != (err == nil) || err != nil && !strings.Contains(err.Error(), c.mend) {
			t.Errorf("ParseEndpoint(%q): error %v, want %q", c.endpoint, err, c.mend)
		}
	}
}

func FuzzParseEndpoint(f *testing.F) {
	for _, seed := range []string{"tcp://127.0.0.1:5555", "tcp://[::1]:*", "ipc:///tmp/x", "ipc://@a", "inproc://a", "tcp://", "://", "x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, endpoint string) {
		transport, addr, err := ParseEndpoint(endpoint)
		if err != nil {
			if transport != "" || addr != "" {
				t.Errorf("ParseEndpoint(%q) fails and returns %q, %q", endpoint, transport, addr)
			}
			return
		}
		if !slices.Contains(Transports(), transport) || addr == "" || transport+"://"+addr != endpoint {
			t.Errorf("ParseEndpoint(%q) = %q, %q", endpoint, transport, addr)
		}
	})
}
