package drivers

import (
	"fmt"

	"github.com/shirou/gopsutil/v4/mem"

	"zbench/engines"
	"zbench/results"
)

// Check asks the engines whether they can do what a resolved cell needs, and
// the host whether its memory holds it. Force passes over the engines' refusals.
func Check(s Setup) error {
	p, err := newPlan(s)
	if err != nil {
		return err
	}
	if err := p.checkMemory(); err != nil {
		return err
	}
	if s.Force {
		return nil
	}
	if err := p.checkInproc(); err != nil {
		return err
	}
	_, err = p.settle()
	return err
}

// checkInproc refuses to join two engines within the process: each keeps its
// own names.
func (p *plan) checkInproc() error {
	if p.Cell.Transport != "inproc" {
		return nil
	}
	for _, e := range p.ends() {
		if other := p.engine(e.role); other.Name() != p.Cell.Engine {
			return invalid("peer-engine %s: sockets of %s and %s do not find each other over inproc; use tcp or ipc",
				other.Name(), p.Cell.Engine, other.Name())
		}
	}
	return nil
}

// settle asks Supports for every socket. Where only a receiver's HWM cannot be
// set it is left at the engine's default and a warning says so: the sender's is
// what bounds a queue.
func (p *plan) settle() ([]results.Warning, error) {
	p.handsUp = p.passesSubscriptions()
	var warnings []results.Warning
	for _, e := range p.ends() {
		engine := p.engine(e.role)
		err := engine.Supports(e.need)
		if err == nil {
			continue
		}
		relaxed := e.need
		relaxed.Options.RecvHWM = 0
		if !e.need.Kind.CanSend() {
			if engine.Supports(relaxed) == nil {
				warnings = append(warnings, results.Warning{
					Code:   "default_hwm",
					Detail: fmt.Sprintf("%s of %s keeps its own receive HWM: %v", e.need.Kind, engine.Name(), err),
				})
				continue
			}
		}
		if !p.Force {
			return nil, fmt.Errorf("%s %d of %s: %w", e.role, e.index+1, p.pattern.name, err)
		}
		warnings = append(warnings, results.Warning{Code: "forced", Detail: fmt.Sprintf("%s: %v", e, err)})
	}
	return warnings, nil
}

// passesSubscriptions reports whether the middle's engine hands subscriptions
// up, so that the forwarder passes them on instead of subscribing by itself.
func (p *plan) passesSubscriptions() bool {
	if p.back != engines.XPUB || p.Middle == nil {
		return false
	}
	return p.Middle.Supports(engines.Need{Kind: engines.XPUB, Transport: p.Cell.Transport, Subscriptions: true}) == nil
}

// checkMemory refuses messages that would not fit in a quarter of the memory
// that is free, counting those that are surely in flight at once.
func (p *plan) checkMemory() error {
	vm, err := mem.VirtualMemory()
	if err != nil {
		return nil // the host does not say; the run will
	}
	c := p.Cell
	inFlight := float64(c.Clients) * float64(max(c.Window, 1)+1)
	if p.fanOut {
		inFlight *= float64(c.Peers)
	}
	need := float64(p.sizes.Max()) * float64(c.Frames) * (inFlight + float64(c.Peers) + 2)
	if free := float64(vm.Available) / 4; need > free {
		return invalid("size %s × %d frames: the messages in flight take %.1f GiB, over a quarter of the %.1f GiB that are free; choose smaller bodies, a smaller window or fewer sockets",
			c.Size, c.Frames, need/(1<<30), float64(vm.Available)/(1<<30))
	}
	return nil
}
