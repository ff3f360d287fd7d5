//go:build libzmq

package main

import (
	"zbench/engines"
	"zbench/engines/libzmq"
	"zbench/engines/pebbe"
)

// tagged are the engines that need the C library.
func tagged() map[string]func() engines.Engine {
	return map[string]func() engines.Engine{
		"libzmq": libzmq.New,
		"pebbe":  pebbe.New,
	}
}

// leftOut says which engines this build lacks and how to get them; "": none.
const leftOut = ""
