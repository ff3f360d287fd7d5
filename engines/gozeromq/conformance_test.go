package gozeromq_test

import (
	"testing"

	"zbench/engines/enginetest"
	"zbench/engines/gozeromq"
)

func TestConformance(t *testing.T) {
	enginetest.Run(t, gozeromq.New(), "tcp", "ipc", "inproc")
}
