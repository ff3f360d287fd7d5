//go:build libzmq

package libzmq_test

import (
	"testing"

	"zbench/engines/enginetest"
	"zbench/engines/libzmq"
)

func TestConformance(t *testing.T) { enginetest.Run(t, libzmq.New()) }
