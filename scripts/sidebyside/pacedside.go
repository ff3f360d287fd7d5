package main

import (
	"fmt"

	"zbench/scripts/wire"
)

// wireCommand makes this program a plain client or server that speaks ZMTP:
//
//	sidebyside wire load|echo NAME=VALUE …
const wireCommand = "wire"

// plainC is the plain client in C. It has a part in paced cells alone.
type plainC struct{ program string }

func (plainC) name() string      { return "plain-c" }
func (plainC) version() string   { return "as built here" }
func (plainC) plays(c cell) bool { return c.paced() }
func (plainC) counted(cell) bool { return false }

func (p plainC) trial(c cell, endpoint string, a amount) trial {
	return pacedTrial(c, endpoint, a, p.program, p.program)
}

// pacedTrial is a plain client, of which the beginning of the command line is
// given, that loads the plain server.
func pacedTrial(c cell, endpoint string, a amount, server string, client ...string) trial {
	_, count := c.pacedFor(a.duration)
	load := wire.Load{
		Endpoint: endpoint, Kind: "DEALER", Rate: uint64(c.perS), Count: count,
		Warmup: uint64(pacedWarmup.Seconds() * float64(c.perS)), Clients: 1, Open: c.pattern == "dealer-router",
	}
	if c.pattern == "req-rep" {
		load.Kind = "REQ"
	}
	return trial{
		sides:    []command{plainServer(server, c, endpoint), {argv: append(client, load.Args()...)}},
		measures: 1,
		read:     readPaced,
	}
}

// plainServer is the service that all contenders of a paced cell load.
func plainServer(program string, c cell, endpoint string) command {
	echo := wire.Echo{Endpoint: endpoint, Kind: "ROUTER"}
	if c.pattern == "req-rep" {
		echo.Kind = "REP"
	}
	return command{argv: append([]string{program}, echo.Args()...), endless: true}
}

func readPaced(out []byte) (figure, error) {
	f, err := wire.ReadFigures(out)
	if err != nil {
		return figure{}, fmt.Errorf("%w: %w", errOutput, err)
	}
	values := map[metric]float64{pacedP50: float64(f.Service.P50NS), pacedP99: float64(f.Service.P99NS)}
	return figure{values: values, messages: f.Count}, nil
}
