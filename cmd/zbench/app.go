package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"sync"
	"time"

	"zbench/drivers"
	"zbench/engines"
	"zbench/results"
	"zbench/scenarios"
)

// app is what commands share: the streams, the engines and, replaceable in
// tests, whatever reaches outside.
type app struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	engines        map[string]func() engines.Engine
	makeRun        func(context.Context, drivers.Setup, drivers.Output) (results.Run, error)
	makeService    func(context.Context, drivers.Setup, drivers.Service) (results.Run, error)
	makeFloor      func(context.Context, results.Cell) *results.Floor // nil: none
	version        func() string                                      // of this build
	now            func() time.Time
	getenv         func(string) string
}

func newApp(stdin io.Reader, stdout, stderr io.Writer) *app {
	return &app{
		stdin: stdin, stdout: stdout, stderr: stderr,
		engines: registry(), makeRun: drivers.Run, makeService: drivers.Serve, makeFloor: measureFloor, version: sync.OnceValue(version), now: time.Now, getenv: os.Getenv,
	}
}

// fields is the table of cell keys for the engines of this build.
func (a *app) fields() []scenarios.Field { return scenarios.Fields(a.engineNames()) }

// run executes one command line and returns its exit code.
func run(ctx context.Context, a *app, args []string) (code int) {
	defer func() {
		if p := recover(); p != nil {
			code = exitFailed
			fmt.Fprintf(a.stderr, "zbench: internal error: %s; this is a bug of zbench or of an engine; ZBENCH_DEBUG=1 shows where\n", oneLine(fmt.Sprint(p)))
			if a.getenv("ZBENCH_DEBUG") == "1" {
				a.stderr.Write(debug.Stack())
			}
		}
	}()
	root := a.rootCommand()
	root.SetArgs(args)
	root.SetIn(a.stdin)
	root.SetOut(a.stdout)
	root.SetErr(a.stderr)
	err := root.ExecuteContext(ctx)
	a.complain(err)
	return exitCode(err)
}
