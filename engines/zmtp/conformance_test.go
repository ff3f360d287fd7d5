package zmtp

import (
	"testing"

	"zbench/engines/enginetest"
)

func TestConformance(t *testing.T) {
	enginetest.Run(t, New())
}
