package main

import (
	"errors"
	"fmt"
	"strings"

	"zbench/drivers"
	"zbench/engines"
	"zbench/results"
	"zbench/scenarios"
)

// Exit codes. Where several apply the first of precedence is taken.
const (
	exitOK           = 0   // done, and every run can be believed
	exitFailed       = 1   // failed while running
	exitUsage        = 2   // wrong usage, or an invalid scenario
	exitNotValid     = 3   // done, but at least one run is not valid
	exitWorse        = 4   // a threshold failed
	exitInconclusive = 5   // a threshold on a figure that could not be published
	exitInterrupted  = 130 // what was measured so far is saved and marked
)

var precedence = []int{exitInterrupted, exitFailed, exitNotValid, exitWorse, exitInconclusive}

// exit is an error that knows its code. Without err everything has been said.
type exit struct {
	code int
	err  error
}

func (e *exit) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit %d", e.code)
	}
	return e.err.Error()
}

func (e *exit) Unwrap() error { return e.err }

// usage is a mistake of whoever typed the command.
func usage(format string, args ...any) error {
	return &exit{exitUsage, fmt.Errorf(format, args...)}
}

// exitCode maps an error to the code: what was refused before the start is 2.
func exitCode(err error) int {
	var e *exit
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &e):
		return e.code
	case errors.Is(err, scenarios.ErrInvalid), errors.Is(err, drivers.ErrInvalid), errors.Is(err, engines.ErrUnsupported):
		return exitUsage
	}
	return exitFailed
}

// first is the code that wins among those that apply.
func first(codes map[int]bool) int {
	for _, c := range precedence {
		if codes[c] {
			return c
		}
	}
	return exitOK
}

// judge is what finished runs mean for the exit code.
func judge(runs []results.Run) map[int]bool {
	codes := map[int]bool{}
	for _, r := range runs {
		if r.Verdict != results.Valid && r.Verdict != results.Refused {
			codes[exitNotValid] = true
		}
		for _, t := range r.Thresholds {
			switch t.Status {
			case scenarios.Fail:
				codes[exitWorse] = true
			case scenarios.Inconclusive:
				codes[exitInconclusive] = true
			}
		}
	}
	return codes
}

// complain prints an error: one line, and for a scenario the place in it.
func (a *app) complain(err error) {
	var e *exit
	if err == nil || errors.As(err, &e) && e.err == nil {
		return
	}
	fmt.Fprintln(a.stderr, "zbench: "+oneLine(plain(err)))
	var s *scenarios.Error
	if errors.As(err, &s) {
		fmt.Fprint(a.stderr, s.Excerpt())
	}
}

// plain drops what only programs need to read.
func plain(err error) string {
	s := strings.ReplaceAll(err.Error(), drivers.ErrInvalid.Error()+": ", "")
	s = strings.TrimPrefix(s, "results: ")
	return strings.TrimSuffix(s, ": "+engines.ErrUnsupported.Error())
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
