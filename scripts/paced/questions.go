package main

import (
	"context"
	"fmt"

	"zbench/scripts/wire"
)

// plainRounds asks what zbench adds to a plain client that makes the same load
// against the same plain server.
func plainRounds() *rounds {
	r := &rounds{title: "plain: zbench (zmtp) less a plain client, both against a plain server"}
	for _, pattern := range []string{"dealer-router", "req-rep"} {
		for _, rate := range []int{200, 2000, 10_000} {
			l, s := load{pattern, rate, 1}, plainEcho(pattern, wire.Echo{})
			name := fmt.Sprintf("%s %d/s", pattern, rate)
			truth := r.against(name+" plain", plain(false), s, l)
			subject := r.against(name+" zmtp", zbench("zmtp"), s, l)
			r.checks = append(r.checks,
				check{name: name, of: subject, to: truth, metric: service50(), by: difference, most: 30e3, aim: 5e3},
				check{name: name, of: subject, to: truth, metric: service99(), by: difference, most: 100e3},
				// The aim of the p99 is a share of the truth.
				check{name: name, of: subject, to: truth, metric: service99(), by: ratio, aim: 1.2})
		}
	}
	return r
}

// clientRounds asks whether the number of clients matters, at one rate in all.
// What the plain client finds is the service's own part in it.
func clientRounds(s service) *rounds {
	const rate = 1000
	r := &rounds{title: fmt.Sprintf("clients: %s, %d/s in all, many clients over one", s.name, rate)}
	for _, who := range []struct {
		name string
		client
		most float64
	}{{"plain", plain(false), 0}, {"zmtp", zbench("zmtp"), 1.5}, {"libzmq", zbench("libzmq"), 2}} {
		one := ""
		for _, n := range []int{1, 4, 8, 32, 200, 1000} {
			subject := r.against(fmt.Sprintf("%s, %d clients", who.name, n), who.client, s, load{"req-rep", rate, n})
			if n == 1 {
				one = subject
				continue
			}
			r.checks = append(r.checks, check{name: subject, of: subject, to: one, metric: service50(), by: ratio, most: who.most, every: true})
		}
	}
	return r
}

// openRounds asks what an open loop sees of an echo that is fast: zbench of its
// own peer, the plain client of the plain server.
func openRounds() *rounds {
	r := &rounds{title: "open: zbench (zmtp, dealer-router, its own peer) over a plain client and server"}
	for _, rate := range []int{1000, 5000, 20_000, 100_000} {
		l := load{"dealer-router", rate, 1}
		name := fmt.Sprintf("%d/s", rate)
		truth := r.against(name+" plain", plain(false), plainEcho(l.pattern, wire.Echo{}), l)
		subject := r.add(name+" zmtp", func(ctx context.Context, k *kit, o options) (figures, error) {
			return zbench("zmtp").run(ctx, k, l, "", l.lasts(o.duration), disturbance{})
		})
		r.checks = append(r.checks, check{name: name, of: subject, to: truth, metric: response99(), by: ratio, most: 3, aim: 1.5})
	}
	return r
}

// gozeromqRounds asks whether an engine that hides its sockets either tells the
// truth or is not called valid.
func gozeromqRounds() *rounds {
	r := &rounds{title: "gozeromq: zbench (go-zeromq) beside a plain client: within 2 ×, or not valid"}
	for _, c := range []struct {
		name string
		service
		load
	}{
		{"Python REP, 4 clients", pythonREP(), load{"req-rep", 1000, 4}},
		{"Python REP, 8 clients", pythonREP(), load{"req-rep", 1000, 8}},
		{"plain server, 2000/s", plainEcho("dealer-router", wire.Echo{}), load{"dealer-router", 2000, 1}},
		{"plain server, 10000/s", plainEcho("dealer-router", wire.Echo{}), load{"dealer-router", 10_000, 1}},
	} {
		truth := r.against(c.name+", plain", plain(false), c.service, c.load)
		subject := r.against(c.name+", go-zeromq", zbench("go-zeromq"), c.service, c.load)
		for _, m := range []metric{service50(), service99()} {
			r.checks = append(r.checks, check{name: c.name, of: subject, to: truth, metric: m, by: factor, most: 2, every: true, judged: true})
		}
	}
	return r
}
