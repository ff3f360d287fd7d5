//go:build libzmq

package pebbe_test

import (
	"testing"

	"zbench/engines/enginetest"
	"zbench/engines/pebbe"
)

func TestConformance(t *testing.T) {
	enginetest.Run(t, pebbe.New())
}
