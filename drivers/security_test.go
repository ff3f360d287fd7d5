package drivers

import (
	"errors"
	"testing"

	"zbench/engines/zmtp"
	"zbench/results"
)

// The example of RFC 32.
func TestZ85(t *testing.T) {
	if got := z85([]byte{0x86, 0x4F, 0xD2, 0x6F, 0xB5, 0x59, 0xF7, 0x5B}); got != "HelloWorld" {
		t.Errorf("got %q", got)
	}
}

func TestParseSecurity(t *testing.T) {
	const key = "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID"
	theirs := []string{"tcp://127.0.0.1:1"}
	for _, test := range []struct {
		security  string
		endpoints []string
		mechanism string // "" : refused
		arg       string
	}{
		{"null", nil, "null", ""}, {"plain", nil, "plain", ""}, {"plain:me", nil, "plain", "me"}, {"curve", nil, "curve", ""},
		{"plain:me", theirs, "plain", "me"}, {"curve:" + key, theirs, "curve", key},
		{"plain", theirs, "", ""}, {"curve", theirs, "", ""}, {"curve:" + key, nil, "", ""}, {"curve:short", theirs, "", ""},
		{"gssapi", nil, "", ""}, {"null:x", nil, "", ""}, {"plain:", theirs, "", ""},
	} {
		mechanism, arg, err := parseSecurity(results.Cell{Security: test.security, Endpoints: test.endpoints, Transport: "tcp"})
		if mechanism != test.mechanism || arg != test.arg || (test.mechanism == "") != errors.Is(err, ErrInvalid) {
			t.Errorf("%s to %v: %q, %q, %v", test.security, test.endpoints, mechanism, arg, err)
		}
	}
}

// TestParseServedSecurity: who listens makes the keys, who connects is told one.
func TestParseServedSecurity(t *testing.T) {
	const key = "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID"
	for _, test := range []struct {
		listen, subscribe, security string
		ok                          bool
	}{
		{"peer", "", "curve", true}, {"middle", "", "curve", true}, {"peer", "", "curve:" + key, false},
		{"load", "", "curve", false}, {"load", "", "curve:" + key, true},
		{"peer", "*", "curve:" + key, true}, {"peer", "*", "curve", false}, // a subscriber that connects
	} {
		_, _, err := parseSecurity(results.Cell{
			Security: test.security, Endpoints: []string{"tcp://127.0.0.1:1"}, Transport: "tcp",
			Placement: Served, Listen: test.listen, Subscribe: test.subscribe,
		})
		if (err == nil) != test.ok {
			t.Errorf("%+v: %v", test, err)
		}
	}
}

// The side that listens has the secret of the key that the other one is told.
func TestCurveKeysFit(t *testing.T) {
	k, err := newCredentials(Setup{Cell: results.Cell{Security: "curve", Transport: "tcp"}})
	if err != nil {
		t.Fatal(err)
	}
	server, client := k.of(true).Curve, k.of(false).Curve
	if client.ServerKey != server.PublicKey || server.ServerKey != "" || client.PublicKey == server.PublicKey || len(client.SecretKey) != 40 {
		t.Errorf("server %+v, client %+v", server, client)
	}
}

func TestPlainRun(t *testing.T) {
	run := runCellOn(t, zmtp.New(), func(c *results.Cell) {
		c.Pattern, c.Engine, c.Transport, c.Count, c.Security = "broker", "zmtp", "tcp", 100, "plain"
	})
	wantClean(t, run)
}
