package results

import (
	"time"

	hdr "github.com/HdrHistogram/hdrhistogram-go"
)

// The distributions a part can hold. A negative one holds |v| of the values
// below zero.
const (
	response = iota
	service
	lag
	receiveLag
	lateness // lag + receive lag of one message
	negativeResponse
	negativeService
	kinds
)

// kindNames are the tags in the interval log.
var kindNames = [kinds]string{"response", "service", "lag", "receive_lag", "lateness", "negative.response", "negative.service"}

// Histograms hold 1 ns to 1 h with 3 significant digits. While they are being
// recorded those of the generator's own lateness have 2: they take a seventh of
// the room, which thousands of clients have, and a receive lag is a bound, the
// lag in a stamp known to 6 %.
const (
	longestNS    = int64(time.Hour)
	digits       = 3
	coarseDigits = 2
)

// grain is how fine a histogram is while it is being recorded.
type grain int

const (
	fine grain = iota
	coarse
	grains
)

func grainOf(kind int) grain {
	if kind == receiveLag || kind == lateness {
		return coarse
	}
	return fine
}

func (g grain) new() *hdr.Histogram {
	if g == coarse {
		return hdr.New(1, longestNS, coarseDigits)
	}
	return newDense()
}

func newDense() *hdr.Histogram        { return hdr.New(1, longestNS, digits) }
func newPacked() *hdr.PackedHistogram { return hdr.NewPacked(1, longestNS, digits) }

// counts are the plain numbers of a part. Times are clock readings in ns.
type counts struct {
	sent, received, unstamped uint64
	bytes                     uint64
	negative                  uint64
	beyond                    [kinds]uint64 // values over an hour
	blockedNS                 int64
	firstDue, lastDue         int64 // of sent > 0
	firstSent, lastSent       int64
	first, last               int64  // arrivals, of received > 0
	dueFrom, dueTo            int64  // of the first and the latest that came with a stamp
	leftFrom                  int64  // when that first one was sent
	inWindow                  uint64 // arrived between the bounds of a rate, whatever phase they are of
}

// part is what one recorder measured of one phase in one interval.
type part struct {
	counts
	h [kinds]*hdr.Histogram // nil until needed
}

// interval is everything one recorder measured between two swaps. The
// recorder's goroutine owns it until the swap, the collector's after.
type interval struct {
	parts     []part // by phase
	shots     []shot
	spans     []span
	pages     []flowPage
	bounds    []bound
	reordered uint64
	corrupted uint64
	errors    uint64

	// Spares for the next owner.
	freeHists [grains][]*hdr.Histogram
	freePages []*page
}

// shot is the state of one flow at a swap: counters since the start, and the
// run of sequences [from, to) that was still growing.
type shot struct {
	flow                     uint32
	sent, stamped, unstamped uint64
	from, to                 uint64
}

// span is the sequences [from, to) of a flow, received.
type span struct {
	flow     uint32
	from, to uint64
}

// flowPage is a bitmap of received sequences of a flow.
type flowPage struct {
	flow uint32
	page *page
}

// bound is the first sequence of a flow that was due in a phase.
type bound struct {
	flow  uint32
	phase int
	seq   uint64
}

// reset empties iv, all but its spares and the room in its slices.
func (iv *interval) reset() {
	for i := range iv.parts {
		iv.parts[i] = part{}
	}
	clear(iv.pages)
	iv.shots, iv.spans = iv.shots[:0], iv.spans[:0]
	iv.pages, iv.bounds = iv.pages[:0], iv.bounds[:0]
	iv.reordered, iv.corrupted, iv.errors = 0, 0, 0
}
