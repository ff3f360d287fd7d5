package main

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"

	"zbench/scripts/process"
	"zbench/scripts/program"
	"zbench/scripts/wire"
)

// wireCommand makes this program a plain client or server.
const wireCommand = "wire"

// kit is the programs that are compared.
type kit struct {
	zbench string
	libzmq string   // zbench with the engine libzmq; a path where nothing is if it cannot be had
	wire   []string // how the command lines of the plain programs begin
	self   string
	peers  string      // the folder of the peers of other makers
	peer   string      // the one in C; a path where nothing is if it cannot be had
	dir    string      // for whatever is written
	fifo   func() bool // whether a program may run before all others
	report io.Writer
}

// newKit builds what was not given. What needs libzmq may be missing, and then
// its figures are.
func newKit(ctx context.Context, o options, dir string, report io.Writer) (*kit, error) {
	k := &kit{zbench: o.zbench, libzmq: o.libzmq, dir: dir, fifo: sync.OnceValue(mayFIFO), report: report}
	var err error
	if k.self, err = os.Executable(); err != nil {
		return nil, err
	}
	k.wire = []string{k.self, wireCommand}
	if !o.plainGo {
		program, err := wire.Build(ctx, dir)
		if err != nil {
			return nil, fmt.Errorf("%w; or take those in Go with -plain go", err)
		}
		k.wire = []string{program}
	}
	if k.zbench == "" {
		if k.zbench, err = program.Build(ctx, dir, ""); err != nil {
			return nil, err
		}
	}
	if k.libzmq == "" {
		if k.libzmq, err = program.Build(ctx, dir, "libzmq"); err != nil {
			fmt.Fprintf(report, "no engine libzmq: %v\n", err)
			k.libzmq = filepath.Join(dir, "zbenchlibzmq")
		}
	}
	module, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}").Output()
	if err != nil {
		return nil, fmt.Errorf("go list -m: %w; start this inside the module", err)
	}
	k.peers = filepath.Join(string(bytes.TrimSpace(module)), "scripts", "peers")
	k.peer = filepath.Join(dir, "peer")
	out, err := exec.CommandContext(ctx, cmp.Or(os.Getenv("CC"), "cc"), "-O2", "-o", k.peer, filepath.Join(k.peers, "peer.c"), "-lzmq", "-lpthread").CombinedOutput()
	if err != nil {
		fmt.Fprintf(report, "no service on libzmq in C: %v: %s\n", err, out)
	}
	return k, nil
}

// service is what is loaded, and the command that starts it.
type service struct {
	name    string
	command func(k *kit) process.Command
}

// loopback is an endpoint of which the system chooses the port.
const loopback = "tcp://127.0.0.1:0"

// pythonREP is on pyzmq, which is Debian's.
func pythonREP() service {
	return service{"a REP in Python", func(k *kit) process.Command {
		return process.Command{Argv: []string{"/usr/bin/python3", "-B", filepath.Join(k.peers, "echo.py"), "REP", "bind", "tcp://127.0.0.1:*"}}
	}}
}

func libzmqREP() service {
	return service{"a REP in C on libzmq", func(k *kit) process.Command {
		return process.Command{Argv: []string{k.peer, "echo", "REP", "bind", "tcp://127.0.0.1:*"}}
	}}
}

// plainEcho is the plain server; its kind follows from the pattern.
func plainEcho(pattern string, e wire.Echo) service {
	e.Endpoint, e.Kind = loopback, "ROUTER"
	if pattern == "req-rep" {
		e.Kind = "REP"
	}
	return service{"the plain server", func(k *kit) process.Command { return process.Command{Argv: k.wireArgs(e.Args())} }}
}

func (k *kit) wireArgs(args []string) []string {
	return append(k.wire[:len(k.wire):len(k.wire)], args...)
}
