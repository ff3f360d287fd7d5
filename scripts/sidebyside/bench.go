package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"time"
)

const (
	// A run is killed after limitBase and limitTimes its duration: a machine
	// that others use may be that slow.
	limitBase  = 30 * time.Second
	limitTimes = 10
	// maxFailures of one contender end its part in a cell.
	maxFailures = 2
)

// bench makes the rounds of one cell.
type bench struct {
	cell       cell
	contenders []contender
	rounds     int
	duration   time.Duration
	places     *places
	progress   io.Writer
}

// series is what one contender reached, by round.
type series struct {
	contender string
	values    map[metric][]float64 // NaN: not run, failed, or not published
	notes     []string
	amount    amount
	failures  int
}

// measurement is a cell with the series of all who played it, seen by one of
// its metrics.
type measurement struct {
	cell cell
	measure
	series []*series
}

// measure lets every contender run once a round, in an order that rotates, so
// that what changes on the host changes for all. It stops early when ctx ends.
func (b *bench) measure(ctx context.Context) measurement {
	m := measurement{cell: b.cell, measure: b.cell.measures[0]}
	for _, c := range b.contenders {
		s := &series{contender: c.name(), amount: amount{duration: b.duration}, values: map[metric][]float64{}}
		m.series = append(m.series, s)
		if err := b.prepare(ctx, c, s); err != nil && ctx.Err() == nil {
			s.note("left out", err)
			s.failures = maxFailures
		}
	}
	for round := range b.rounds {
		for _, s := range m.series {
			for _, one := range b.cell.measures {
				s.values[one.metric] = append(s.values[one.metric], math.NaN())
			}
		}
		for i := range b.contenders {
			if ctx.Err() != nil {
				return m
			}
			k := (round + i) % len(b.contenders)
			b.round(ctx, b.contenders[k], m.series[k], round)
		}
	}
	return m
}

// prepare finds the count for a contender that goes by one.
func (b *bench) prepare(ctx context.Context, c contender, s *series) (err error) {
	if !c.counted(b.cell) {
		return nil
	}
	s.amount.count, err = calibrate(b.duration, b.cell.measures[0].metric, func(count uint64) (figure, error) {
		return b.play(ctx, c, amount{count: count})
	})
	return err
}

// round makes one run.
func (b *bench) round(ctx context.Context, c contender, s *series, round int) {
	if s.failures >= maxFailures {
		return
	}
	f, err := b.play(ctx, c, s.amount)
	where := fmt.Sprintf("round %d", round+1)
	switch {
	case ctx.Err() != nil:
	case err != nil:
		s.failures++
		s.note(where, err)
		fmt.Fprintf(b.progress, "%s %s: %s: %v\n", b.cell.name, where, s.contender, err)
	default:
		for m, value := range f.values {
			s.values[m][round] = value
		}
		if f.note != "" {
			s.note(where, errors.New(f.note))
		}
		first := b.cell.measures[0].metric
		fmt.Fprintf(b.progress, "%s %s/%d: %s %s\n", b.cell.name, where, b.rounds, s.contender, first.format(f.values[first]))
	}
}

func (b *bench) play(ctx context.Context, c contender, a amount) (figure, error) {
	endpoint, err := b.places.next(b.cell.transport)
	if err != nil {
		return figure{}, err
	}
	return c.trial(b.cell, endpoint, a).run(ctx, limitBase+limitTimes*b.duration)
}

// each is the measurement by each metric of its cell.
func (m measurement) each() []measurement {
	var all []measurement
	for _, one := range m.cell.measures {
		m.measure = one
		all = append(all, m)
	}
	return all
}

func (s *series) note(where string, err error) {
	s.notes = append(s.notes, fmt.Sprintf("%s: %v", where, err))
}
