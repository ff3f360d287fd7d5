package main

import (
	"context"
	"os"
	"testing"
)

// TestMain lets the test binary be one side of a plain load, as the command is.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && (os.Args[1] == plainCommand || os.Args[1] == wireCommand) {
		os.Exit(run(context.Background(), os.Args[1:], os.Stdout, os.Stderr))
	}
	os.Exit(m.Run())
}
