package main

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

//go:embed libzmq/*.c libzmq/*.h
var sources embed.FS

// errNoLibzmq is what to do where the programs on libzmq cannot be built.
var errNoLibzmq = errors.New("cannot be built; install it with: apt-get update && apt-get install -y gcc libc6-dev libzmq3-dev (or leave it out with --contenders)")

// libzmq plays with small C programs that use the library as its own
// throughput and latency tests do.
type libzmq struct{ program, found string }

// buildLibzmq compiles the programs into dir.
func buildLibzmq(ctx context.Context, dir string) (libzmq, error) {
	if err := os.CopyFS(dir, sources); err != nil {
		return libzmq{}, err
	}
	files, err := filepath.Glob(filepath.Join(dir, "libzmq", "*.c"))
	if err != nil {
		return libzmq{}, err
	}
	program := filepath.Join(dir, "libzmq", "peer")
	args := append([]string{"-std=gnu11", "-O2", "-Wall", "-o", program}, files...)
	if out, err := exec.CommandContext(ctx, compiler(), append(args, "-lzmq", "-pthread")...).CombinedOutput(); err != nil {
		return libzmq{}, fmt.Errorf("%w\n%s", errNoLibzmq, firstLine(string(out)+err.Error()))
	}
	out, err := exec.CommandContext(ctx, program, "version").Output()
	if err != nil {
		return libzmq{}, fmt.Errorf("%w\n%w", errNoLibzmq, err)
	}
	return libzmq{program, strings.TrimSpace(string(out))}, nil
}

func compiler() string {
	if cc := os.Getenv("CC"); cc != "" {
		return cc
	}
	return "cc"
}

func (libzmq) name() string      { return "libzmq" }
func (l libzmq) version() string { return l.found }
func (libzmq) plays(c cell) bool { return !c.paced() }
func (libzmq) counted(cell) bool { return true }

func (l libzmq) trial(c cell, endpoint string, a amount) trial {
	side := func(role string) command {
		return command{argv: []string{l.program, role, endpoint, strconv.Itoa(c.size), strconv.FormatUint(a.count, 10), strconv.Itoa(c.width)}}
	}
	t := trial{read: fieldReader(c.measures[0].metric)}
	switch {
	case c.transport == "inproc":
		t.sides = []command{side("push-pull-inproc")}
	case c.pattern == "push-pull":
		push := side("push")
		push.endless = true
		t.sides = []command{side("pull"), push}
	case c.pattern == "pub-sub":
		t.sides, t.measures = []command{side("publish"), side("subscribe")}, 1
	case c.pattern == "dealer-router":
		t.sides, t.measures = []command{side("route"), side("deal")}, 1
	case c.pattern == "req-rep":
		t.sides, t.measures = []command{side("reply"), side("request")}, 1
	}
	return t
}
