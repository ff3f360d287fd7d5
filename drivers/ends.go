package drivers

import (
	"fmt"

	"zbench/engines"
	"zbench/results"
)

// ends lists the sockets of a cell in the order in which they are opened.
func (p *plan) ends() []end {
	c := p.Cell
	var all []end
	if p.serving() {
		for i := range c.Peers {
			binds := 0
			if c.Listen == p.ourSide() {
				binds = len(c.Endpoints)
			}
			all = append(all, end{rolePeer, i, p.need(p.peer, c.Clients*c.Connections, binds)})
		}
		return p.equip(all)
	}
	if !p.external() {
		for i := range c.Middles {
			all = append(all,
				end{roleFront, i, p.need(p.front, c.Clients*c.Connections, 1)},
				end{roleBack, i, p.need(p.back, p.countPeers(i)*c.Connections, 1)})
		}
		for i := range c.Peers {
			all = append(all, end{rolePeer, i, p.need(p.peer, p.facing(rolePeer, i)*c.Connections, p.binds("peer"))})
		}
	}
	for i := range c.Clients {
		all = append(all, end{roleLoad, i, p.need(p.load, p.facing(roleLoad, i)*c.Connections, p.binds("load"))})
	}
	return p.equip(all)
}

func (p *plan) equip(all []end) []end {
	for i := range all {
		all[i].need.Options = p.options(all[i])
		if p.external() || p.follows() {
			all[i].need.Options = patient(p.engine(all[i].role), all[i].need)
		}
	}
	return all
}

func (p *plan) need(k engines.Kind, peers, binds int) engines.Need {
	return engines.Need{
		Kind: k, Transport: p.Cell.Transport, Frames: p.Cell.Frames,
		MinFrame: p.sizes.Min(), MaxFrame: max(p.sizes.Max(), StampSize, p.template.longest()), // probes have a stamp
		Peers: peers, Binds: binds,
	}
}

func (p *plan) binds(who string) int {
	if p.Cell.Listen == who && !p.hasMiddle() {
		return 1
	}
	return 0
}

// facing counts the sockets that one of load or peer talks to.
func (p *plan) facing(r role, index int) int {
	c, n := p.Cell, 0
	switch {
	case p.external() && c.Listen == "load":
		return max(1, c.Peers)
	case p.external():
		return max(1, len(c.Endpoints))
	case p.hasMiddle() && r == roleLoad:
		return c.Middles
	case p.hasMiddle():
		for m := range c.Middles {
			if p.behind(m, index) {
				n++
			}
		}
	case r == roleLoad:
		for i := range c.Peers {
			if p.linked(index, i) {
				n++
			}
		}
	default:
		for i := range c.Clients {
			if p.linked(i, index) {
				n++
			}
		}
	}
	return n
}

func (p *plan) countPeers(middle int) int {
	n := 0
	for i := range p.Cell.Peers {
		if p.behind(middle, i) {
			n++
		}
	}
	return n
}

func (p *plan) options(e end) engines.Options {
	c, k := p.Cell, e.need.Kind
	o := engines.Options{
		Use:     p.use(e.role),
		Payload: p.payload,
		SendBuf: c.SndBuf, RecvBuf: c.RcvBuf,
		IOThreads: c.IOThreads,
		Security:  p.credentials.of(e.need.Binds > 0),
	}
	if k.CanSend() {
		o.SendHWM = c.HWM
	}
	if k.CanRecv() {
		o.RecvHWM = c.HWM
	}
	if k == engines.PUB || k == engines.XPUB {
		o.NoDrop = c.AtHWM == AtHWMBlock
	}
	if c.Identity != "" && (k == engines.REQ || k == engines.REP || k == engines.DEALER) {
		o.Identity = fmt.Appendf(nil, "%s-%s-%d", c.Identity, e.role, e.index+1)
	}
	switch {
	case e.role == rolePeer && k == engines.SUB:
		o.Subscribe = p.subscriptions(e.index)
	case e.role == roleFront && k == engines.XSUB && !p.handsUp:
		o.Subscribe = p.upstream(e.index)
	}
	return o
}

func (p *plan) use(r role) engines.Use {
	switch {
	case r == roleLoad && p.roundTrip && p.pattern.has(results.Lockstep):
		return engines.Turns
	case r == roleLoad && p.roundTrip:
		return engines.Duplex
	case r == roleLoad:
		return engines.SendOnly
	case r == rolePeer && p.roundTrip:
		return engines.Turns
	case r == rolePeer:
		return engines.RecvOnly
	case r == roleFront && !p.front.CanSend():
		return engines.RecvOnly
	case r == roleBack && !p.back.CanRecv():
		return engines.SendOnly
	}
	return engines.Duplex
}

func (p *plan) engine(r role) engines.Engine {
	switch r {
	case roleLoad:
		return p.Load
	case rolePeer:
		return p.Peer
	}
	return p.Middle
}
