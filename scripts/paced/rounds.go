package main

import (
	"context"
	"errors"
	"fmt"
	"io"
)

// maxFailures of one subject end its part.
const maxFailures = 2

// subject is one of those that a round runs.
type subject struct {
	name string
	run  func(ctx context.Context, k *kit, o options) (figures, error)
}

// rounds are subjects that run in turn, and what is wanted of them.
type rounds struct {
	title    string
	subjects []subject
	checks   []check
}

// round is what each subject found, by its name.
type round map[string]figures

func (r *rounds) add(name string, run func(context.Context, *kit, options) (figures, error)) string {
	r.subjects = append(r.subjects, subject{name, run})
	return name
}

// against adds a client that loads a service.
func (r *rounds) against(name string, c client, s service, l load) string {
	return r.add(name, func(ctx context.Context, k *kit, o options) (figures, error) {
		return c.against(ctx, k, s, l, o.duration)
	})
}

// measure lets every subject run once a round, in an order that rotates, so that
// what changes on the host changes for all, and prints the table.
func (r *rounds) measure(ctx context.Context, k *kit, o options, w io.Writer) (missed int, err error) {
	all := make([]round, o.rounds)
	failures := map[string]int{}
	for i := range all {
		all[i] = round{}
		for j := range r.subjects {
			s := r.subjects[(i+j)%len(r.subjects)]
			if failures[s.name] >= maxFailures {
				continue
			}
			f, err := s.run(ctx, k, o)
			switch {
			case ctx.Err() != nil:
				return 0, ctx.Err()
			case err != nil:
				failures[s.name]++
				fmt.Fprintf(k.report, "round %d: %s: %v\n", i+1, s.name, err)
				continue
			}
			all[i][s.name] = f
			fmt.Fprintf(k.report, "round %d/%d: %s: service p50 %s p99 %s µs, response p99 %s µs, %s\n", i+1, o.rounds, s.name,
				micro(f.service50), micro(f.service99), micro(f.response99), f.verdict)
		}
	}
	if len(failures) == len(r.subjects) {
		err = errors.New("every program failed")
	}
	return writeTable(w, r.title, r.checks, all), err
}
