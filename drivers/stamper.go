package drivers

import "hash/fnv"

// Stamper stamps the bodies of a load that is made elsewhere, so that a sink
// knows it for one of zbench's.
type Stamper struct {
	run  uint32
	head uint64
}

// NewStamper stamps one flow, below 1024, of the load that name and seed call.
// Scheduled says that due times come from a schedule.
func NewStamper(name string, seed uint64, flow uint32, scheduled bool) Stamper {
	h := fnv.New32a()
	h.Write([]byte(name))
	s := Stamper{run: runID(h.Sum32() ^ uint32(seed*2654435761))}
	if scheduled {
		flow |= flagScheduled
	}
	s.head = stampHead(s.run, flow)
	return s
}

// Payload is the n bytes that bodies begin with, of a kind as in a cell.
func (s Stamper) Payload(kind string, n int) ([]byte, error) { return newPayload(kind, n, s.run) }

// Put writes the stamp of a message: its sequence from 0 on, and when it was
// due and sent, as load.Now reads. A body shorter than StampSize gets none.
func (s Stamper) Put(body []byte, seq uint64, due, sent int64) {
	if len(body) >= StampSize {
		putStamp(body, s.head, seq, 0, due, sent)
	}
}

// Sizes deals out the body sizes of a mix, in the random order that seed and
// client say.
func Sizes(mix SizeMix, seed, client uint64) (next func() int) {
	s := newSizer(mix, seed, client)
	return s.next
}
