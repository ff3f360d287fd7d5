package results

// account joins what the recorders counted into one ledger per flow, or where
// deliveries are expected by name, one per receiver and flow. Where nobody
// receives there is no ledger, and no delivery is expected.
type account struct {
	phases  int
	shared  bool // all receivers share all flows
	flows   []*flow
	ledgers map[place]*ledger
	strays  map[stray]uint64 // deliveries that nobody expects, since the start
	pool    *pagePool
}

type place struct {
	peer string // "" where shared
	flow uint32
}

type stray struct {
	recorder *Recorder
	flow     uint32
}

func newAccount(c *Collector) *account {
	a := &account{
		phases:  len(c.cfg.Phases),
		shared:  len(c.expected) == 0,
		flows:   make([]*flow, c.cfg.Flows),
		ledgers: map[place]*ledger{},
		strays:  map[stray]uint64{},
	}
	expected := 0
	for _, flows := range c.expected {
		expected += len(flows)
	}
	a.pool = newPagePool(max(expected, c.cfg.Flows))
	for id := range a.flows {
		a.flows[id] = newFlow(a.phases)
		if a.shared && c.receivers() > 0 {
			a.open("", uint32(id))
		}
	}
	for peer, flows := range c.expected {
		for _, id := range flows {
			a.open(peer, id)
		}
	}
	return a
}

func (a *account) open(peer string, id uint32) {
	if int(id) < len(a.flows) {
		a.ledgers[place{peer, id}] = newLedger(a.flows[id], a.phases, a.pool)
	}
}

func (a *account) ledger(r *Recorder, id uint32) *ledger {
	if a.shared {
		return a.ledgers[place{"", id}]
	}
	return a.ledgers[place{r.peer, id}]
}

// merge enters one interval of r, and takes its pages.
func (a *account) merge(r *Recorder, iv *interval) {
	for _, b := range iv.bounds {
		a.flows[b.flow].begin(b.phase, b.seq)
	}
	again := uint64(0)
	for _, s := range iv.shots {
		if s.sent > 0 {
			a.flows[s.flow].count(r, s.sent)
		}
		if s.stamped+s.unstamped == 0 {
			continue
		}
		l := a.ledger(r, s.flow)
		if l == nil {
			a.strays[stray{r, s.flow}] = s.stamped + s.unstamped
			continue
		}
		l.counters[r] = counter{s.stamped, s.unstamped}
		l.highest = max(l.highest, s.to)
		again += l.addSpan(s.from, s.to)
	}
	for _, s := range iv.spans {
		if l := a.ledger(r, s.flow); l != nil {
			again += l.addSpan(s.from, s.to)
		}
	}
	for i, p := range iv.pages {
		if l := a.ledger(r, p.flow); l != nil {
			again += l.addPage(p.page)
		} else {
			a.pool.put(p.page)
		}
		iv.pages[i].page = nil
	}
	r.duplicates.Add(again)
}

// settle ends an interval, after all recorders were merged. A flow that nobody
// here sends is taken to be as long as the highest sequence of it, or as what
// came of it without any.
func (a *account) settle() {
	for _, l := range a.ledgers {
		if len(l.flow.senders) == 0 {
			l.flow.sent = max(l.flow.sent, l.highest, l.unstamped())
		}
		l.settle()
	}
}

// look gives by how much the overdue deliveries have grown since the last
// look: those sent before the last look, or at the end all, that have not
// arrived. It is negative where late ones came in.
func (a *account) look(final bool) (grown int64) {
	for _, l := range a.ledgers {
		end := l.flow.before
		if final {
			end = l.flow.sent
		}
		n := uint64(0)
		for _, m := range l.missing(end) {
			n += m
		}
		n -= min(n, l.unstamped())
		grown += int64(n) - int64(l.overdue)
		l.overdue = n
	}
	for _, f := range a.flows {
		f.before = f.sent
	}
	return grown
}

// balance is an account's result, of one ledger or of several.
type balance struct {
	expected, received, lost, duplicated uint64
	surplus                              uint64   // sequences that nobody sent, and strays
	expectedBy, lostBy                   []uint64 // by phase
	wantedBy                             []uint64 // by phase: messages that somebody is to get
}

func (a *account) newBalance() balance {
	return balance{expectedBy: make([]uint64, a.phases), lostBy: make([]uint64, a.phases), wantedBy: make([]uint64, a.phases)}
}

func (b *balance) add(l *ledger) {
	end := l.flow.sent
	lostBy := l.missing(end)
	lost := uint64(0)
	for _, n := range lostBy {
		lost += n
	}
	seen := end - lost
	unstamped := l.unstamped()
	filled := min(unstamped, lost)
	b.expected += end
	b.received += seen + filled
	b.lost += lost - filled
	b.duplicated += l.stamped() - l.unique + unstamped - filled
	b.surplus += l.unique - seen
	for phase, n := range lostBy {
		// Which of the missing came without a stamp cannot be known: the
		// earliest, so that a loss at the end stays at the end.
		took := min(n, filled)
		filled -= took
		b.lostBy[phase] += n - took
		b.expectedBy[phase] += l.flow.of(phase, end)
	}
}

// total is the balance of everything.
func (a *account) total() balance {
	b := a.newBalance()
	for _, l := range a.ledgers {
		b.add(l)
	}
	for _, n := range a.strays {
		b.surplus += n
	}
	wanted := map[uint32]bool{}
	for at := range a.ledgers {
		wanted[at.flow] = true
	}
	for id := range wanted {
		f := a.flows[id]
		for phase := range b.wantedBy {
			b.wantedBy[phase] += f.of(phase, f.sent)
		}
	}
	return b
}

// sent is how many messages were sent.
func (a *account) sent() (n uint64) {
	for _, f := range a.flows {
		n += f.sent
	}
	return n
}

// arrived is how many messages r received, duplicates included.
func (a *account) arrived(r *Recorder) (n uint64) {
	for _, l := range a.ledgers {
		n += l.counters[r].stamped + l.counters[r].unstamped
	}
	return n
}
