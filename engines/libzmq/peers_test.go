//go:build peers && libzmq

package libzmq_test

import (
	"testing"

	"zbench/engines/libzmq"
	"zbench/engines/peertest"
)

// TestPeers wants the packages that peertest.Makers names.
func TestPeers(t *testing.T) {
	peertest.Run(t, libzmq.New(), peertest.Makers(t)...)
}
