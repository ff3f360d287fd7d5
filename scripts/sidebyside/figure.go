package main

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// errOutput means that a program's last line is not what it should be.
var errOutput = errors.New("unexpected output")

// figure is what one run found.
type figure struct {
	values   map[metric]float64
	messages uint64 // received
	note     string // a doubt; empty: none
}

// fieldReader reads the last line of a program: key=value fields, of which
// messages and the one for the metric are needed.
func fieldReader(m metric) func([]byte) (figure, error) {
	key := "rate_msgs_per_s"
	if m == roundTrip {
		key = "p50_ns"
	}
	return func(out []byte) (figure, error) {
		fields := lastFields(string(out))
		messages, err := strconv.ParseUint(fields["messages"], 10, 64)
		if err != nil {
			return figure{}, fmt.Errorf("%w: messages=%q in %q", errOutput, fields["messages"], firstLine(string(out)))
		}
		value, err := strconv.ParseFloat(fields[key], 64)
		if err != nil || !(value > 0) || math.IsInf(value, 0) {
			return figure{}, fmt.Errorf("%w: %s=%q in %q", errOutput, key, fields[key], firstLine(string(out)))
		}
		return figure{values: map[metric]float64{m: value}, messages: messages}, nil
	}
}

func lastFields(out string) map[string]string {
	lines := strings.Split(strings.TrimSpace(out), "\n")
	fields := map[string]string{}
	for _, field := range strings.Fields(lines[len(lines)-1]) {
		if key, value, ok := strings.Cut(field, "="); ok {
			fields[key] = value
		}
	}
	return fields
}

// firstLine is enough of a text for an error message.
func firstLine(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	if len(line) > 300 {
		line = strings.ToValidUTF8(line[:300], "") + "…"
	}
	return line
}
