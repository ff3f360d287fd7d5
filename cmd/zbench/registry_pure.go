//go:build !libzmq

package main

import "zbench/engines"

// tagged are the engines that need the C library.
func tagged() map[string]func() engines.Engine { return nil }

// leftOut says which engines this build lacks and how to get them; "": none.
const leftOut = `not in this build: libzmq and pebbe, which need libzmq itself (Debian:
libzmq3-dev) and a C compiler. Get them with: go build -tags libzmq ./cmd/zbench
`
